"""Does a name find its other spellings, below itself, and is that said?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import Results, SearchRequest, search

TEXTS = {
    "kiev": "Missili russi su Kiev nella notte, dice il sindaco.",
    "kyiv": "Missili russi su Kyiv nella notte, dice il sindaco.",
    "lviv": "Anche Lviv colpita.",
    "zelensky": "Volodymyr Zelensky parla al parlamento e chiede armi.",
    "zelenskyy": "Volodymyr Zelenskyy parla al parlamento e chiede armi.",
    "zelenksy": "Volodymyr Zelenksy parla al parlamento e chiede armi.",
    "driscoll": "Il segretario dell’esercito Dan Driscoll arriva con una delegazione.",
    "driscoli": "Il segretario dell’esercito Dan Driscoli riparte senza un accordo.",
    "maselli": "Un furto in via Maselli, a Modena.",
    "manelli": "Una rissa in via Manelli, a Modena.",
    "streets": "In via Emilia, a Modena. Via libera.",
    "more": "Un’altra via di Modena.",
    "rampelli": "Vince la tennista Rampelli.",
    "rambelli": "Un bar di Rambelli che serve cocktail a tutti.",
}


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.write(Article(id=name, text=text) for name, text in TEXTS.items())
    return engine


def ask(engine: Engine, q: str, *, variants: bool = True) -> Results:
    return search(engine, SearchRequest(q=q, variants=variants, explain=True))


def ids(results: Results) -> list[str]:
    return [result.id for result in results.results]


@pytest.mark.parametrize(
    ("q", "expected", "named"),
    [
        ("Kiev", ["kiev", "kyiv"], "Kyiv"),
        ("kyiv", ["kyiv", "kiev"], "Kiev"),
        ("Leopoli", ["lviv"], "Lviv"),
        ("titolo:Leopoli", [], "Lviv"),
        ("Driscoll", ["driscoll", "driscoli"], "Driscoli"),  # misspelt, among the same words
        ("Rampelli", ["rampelli"], None),  # another name, among other words
        ("Maselli", ["maselli"], None),  # another, among words that stand everywhere
        ('"Kiev"', ["kiev"], None),  # what is quoted is meant as it stands
        ("missili -Kiev", ["kyiv"], None),
    ],
)
def test_variants(archive: Engine, q: str, expected: list[str], named: str | None) -> None:
    results = ask(archive, q)
    assert ids(results) == expected
    assert results.warnings[:1] == ((f"Incluse varianti: {named}.",) if named else ())


def test_the_name_as_asked_comes_first_and_all_spellings_come(archive: Engine) -> None:
    found = ids(ask(archive, "Zelensky"))
    assert (found[0], set(found)) == ("zelensky", {"zelensky", "zelenskyy", "zelenksy"})


def test_variants_can_be_switched_off(archive: Engine) -> None:
    results = ask(archive, "Kiev", variants=False)
    assert (ids(results), results.warnings) == (["kiev"], ())
    assert results.next is None
    assert "variants=0" in SearchRequest(q="Kiev", variants=False).path()


def test_a_variant_is_marked_and_explained(archive: Engine) -> None:
    _, result = ask(archive, "missili Kiev").results
    assert "<mark>Kyiv</mark>" in result.snippets[0].html
    assert result.explanation is not None
    assert result.explanation.sentence == (
        "Trovato: «Missili» nel testo; «Kyiv» nel testo, come variante di «kiev»."
    )


def test_a_word_that_has_variants_is_not_taken_for_an_error(archive: Engine) -> None:
    assert ask(archive, "Leopoli").suggestion is None
