"""Is a reader told why an article was found?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest, search
from service.search.explanation import Explanation

ARTICLE = Article(
    id="a",
    title="L’accordo di Napoli",
    text="Gli accordi e l'ACCORDO sul piano di pace: ucraini e Ucraina ne parlano a Roma.",
    author="Anna Conte",
    source="Agenzia Dire",
)


def explained(engine: Engine, q: str, *, article: Article = ARTICLE) -> Explanation:
    engine.write([article])
    (result,) = search(engine, SearchRequest(q=q, explain=True)).results
    assert result.explanation is not None
    return result.explanation


@pytest.mark.parametrize(
    ("q", "sentence"),
    [
        ("Roma", "Trovato: «Roma» nel testo."),
        (
            "accordo",
            "Trovato: «accordo» nel titolo e nel testo; "
            "«accordi» nel testo, come forma di «accordo».",
        ),
        ('"piano di pace"', "Trovato: la frase «piano di pace» nel testo."),
        ("ucrain*", "Trovato: «ucraini» e «Ucraina» nel testo, che comincia con «ucrain»."),
        ("Romo~", "Trovato: «Roma» nel testo, simile a «romo»."),
        ("autore:Conte", "Trovato: «Conte» nell’autore."),
        ("fonte:dire", "Trovato: «Dire» nella fonte."),
        ("titolo:accordo", "Trovato: «accordo» nel titolo."),
        ("Napoli Roma Milano", "Trovato: «Napoli» nel titolo; «Roma» nel testo."),
        ("parlare", "Trovato: «parlano» nel testo, come forma di «parlare»."),
        ("-Milano", "Nessuna parola da trovare."),
        ("", "Nessuna parola da trovare."),
    ],
)
def test_sentences(engine: Engine, q: str, sentence: str) -> None:
    assert explained(engine, q).sentence == sentence


def test_a_form_that_is_another_word_first_is_named_with_its_verb(engine: Engine) -> None:
    article = Article(id="a", text="Chi ha letto leggeva a letto.")
    assert explained(engine, "leggere", article=article).sentence == (
        "Trovato: «letto» e «leggeva» nel testo, come forma di «leggere»."
    )


def test_matches_say_the_same_to_programs(engine: Engine) -> None:
    exact, inflected = explained(engine, "accordo").matches
    assert (exact.asked, exact.how, exact.found, exact.fields) == (
        "accordo",
        "exact",
        ("accordo",),
        ("title", "text"),
    )
    assert (inflected.how, inflected.found, inflected.fields) == (
        "inflected",
        ("accordi",),
        ("text",),
    )


def test_a_title_that_only_repeats_the_text_is_no_title(engine: Engine) -> None:
    derived = Article(id="a", title="Roma", title_derived=True, text="Roma è bella.")
    assert explained(engine, "Roma", article=derived).sentence == "Trovato: «Roma» nel testo."


def test_nothing_is_explained_unasked(engine: Engine) -> None:
    engine.write([ARTICLE])
    (result,) = search(engine, SearchRequest(q="Roma")).results
    assert result.explanation is None
