"""Is a reader who mistyped told what the articles say instead?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest, search
from service.search.typing import cost

TEXTS = [
    "Le elezioni comunali di Napoli: Giuseppe Conte vota a Volturara.",
    "Elezioni, la città vota: affluenza in calo. L’accordo sul piano di pace regge.",
    "Le lezioni di piano a Napoli costano poco, dice l’università.",
    "Un accordo sulle elezioni: il governo ne parla con Zelensky a Kiev.",
    "Zelensky è a Istanbul; il presidente ucraino vede Erdogan.",
    "Il governo di Giuseppe Conte e l'università di Napoli.",
]


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.write(Article(id=str(number), text=text) for number, text in enumerate(TEXTS))
    return engine


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("elezzioni", "elezioni"),  # a double consonant
        ("Zelenksy", "Zelensky"),  # two letters swapped
        ("goberno", "governo"),  # a key beside the right one
        ("acordo", "accordo"),
        ("univesrita", "università"),  # the accent too
        ("istambul", "Istanbul"),  # the capital too
        ("elezioni comunali a Napoil", "elezioni comunali a Napoli"),
        ("elezzioni comunalli", "elezioni comunali"),
        ("accor do", "accordo"),
        ("dipace", "di pace"),
        ("laccordo", "accordo"),
        ("titolo:elezioni goberno", None),  # what must stand in a title stands in none
        ('"piano di pacce"', '"piano di pace"'),
        ('"pace di piano"', "pace di piano"),  # words that no article has in this order
        ("chi vota «pace di piano»", "chi vota pace di piano"),
        ('testo:"pace di piano" "piano di pace"', 'testo:(pace di piano) "piano di pace"'),
        ('vota -"pace" "piano di Kiev"', 'vota -"pace" piano di Kiev'),
        ('"pace di piano" tag:"piano di pace"', None),  # the value of a field is no words
        ("sezione:elezzioni", None),
        ('titolo:"piano di pace"', None),  # nor would its words be found
        ("elezzioni -lezioni", "elezioni -lezioni"),
        ("Zelenksy E Erdogam", "Zelensky E Erdogan"),
    ],
)
def test_suggests(archive: Engine, typed: str, suggestion: str | None) -> None:
    results = search(archive, SearchRequest(q=typed))
    assert results.suggestion == suggestion
    if suggestion:
        assert search(archive, SearchRequest(q=suggestion)).total >= max(1, results.total)


@pytest.mark.parametrize(
    "typed",
    ["elezioni", "elezione", "il", "", "???", "eleziono~", "elez*", "quarantaduemila", "xyz", "42"],
)
def test_suggests_nothing_where_nothing_is_wrong_or_nothing_is_like_it(
    archive: Engine, typed: str
) -> None:
    assert search(archive, SearchRequest(q=typed)).suggestion is None


def test_what_was_typed_is_searched_all_the_same(archive: Engine) -> None:
    results = search(archive, SearchRequest(q="elezzioni Napoli"))
    assert results.query == "elezzioni Napoli"
    assert {result.id for result in results.results} == {"0", "2", "5"}
    assert results.suggestion == "elezioni Napoli"


def test_the_other_words_decide(engine: Engine) -> None:
    engine.write(Article(id=f"a{n}", text="il campo di grano") for n in range(9))
    engine.write(Article(id=f"b{n}", text="un capo del governo") for n in range(5))
    assert search(engine, SearchRequest(q="cappo governo")).suggestion == "capo governo"
    assert search(engine, SearchRequest(q="canpo grano")).suggestion == "campo grano"


def test_where_enough_is_found_an_unknown_word_is_not_bent_to_a_far_one(engine: Engine) -> None:
    engine.write(
        Article(id=f"a{n}", text="il prezzo del petrolio e i petrolieri") for n in range(9)
    )
    engine.write(Article(id=f"b{n}", text="una gran festa") for n in range(9))
    for q in ("petrolio petrolifero", "petrolio Iran", "petrolio fessta"):
        assert search(engine, SearchRequest(q=q)).suggestion is None
    assert search(engine, SearchRequest(q="petrolio petrollieri")).suggestion


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("quarantaduemila", "Nessun articolo contiene «quarantaduemila»."),
        ('"pace di piano"', "Nessun articolo contiene «pace di piano»."),
        ("pace E lezioni", "Nessun articolo soddisfa insieme tutto quello che è chiesto."),
        ("pace dal:2025", "Nessun articolo soddisfa insieme tutto quello che è chiesto."),
        ("titolo:quarantadue", "Nessun titolo contiene «quarantadue»."),
        ("testo:quarantadue", "Nessun testo contiene «quarantadue»."),
        ("autore:quarantadue", "Nessun autore si chiama «quarantadue»."),
        ("fonte:quarantadue", "Nessuna fonte si chiama «quarantadue»."),
        ("sezione:lezioni", "Nessun articolo ha la sezione «lezioni»."),
        ("Napoli tag:Elezzioni", "Nessun articolo ha l’argomento «Elezzioni»."),
        ("piano -piano", "Nessun articolo soddisfa insieme tutto quello che è chiesto."),
        ("???", "Niente da cercare: scrivi almeno una parola."),
    ],
)
def test_an_empty_answer_says_why(archive: Engine, typed: str, reason: str) -> None:
    results = search(archive, SearchRequest(q=typed))
    assert (results.total, results.warnings[-1:]) == (0, (reason,))


def test_only_the_first_page_suggests(archive: Engine) -> None:
    assert search(archive, SearchRequest(q="elezzioni", offset=10)).suggestion is None


@pytest.mark.parametrize(
    ("typed", "likelier", "less_likely"),
    [
        ("elezzioni", "elezioni", "elezionei"),
        ("goberno", "governo", "goterno"),
        ("zelenksy", "zelensky", "zelenaky"),
        ("cane", "cani", "pane"),
        ("acordo", "accordo", "ricordo"),
    ],
)
def test_the_likelier_error_costs_less(typed: str, likelier: str, less_likely: str) -> None:
    assert 0 < cost(typed, likelier) < cost(typed, less_likely)
