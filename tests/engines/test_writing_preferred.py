"""Does an article that writes a word as the reader does come before one that does not?"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine, Scope
from indexer.italian import analyse, fold
from tests.engines.asking import any_of, ranked, word

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "pairs.tsv"
OTHERS = [Article(id=f"z{i}", text="di tutt’altra cosa si parla qui") for i in range(6)]


@pytest.mark.parametrize(
    ("asked", "better", "worse"),
    [
        ("metà", "ne resta metà", "la sede di Meta"),
        ("Meta", "la sede di Meta", "ne resta metà"),
        ("meta", "la sede di Meta", "ne resta metà"),
        ("metà", "META' DELLA SEDE", "la sede di Meta"),
        ("papà", "un papà a casa", "il papa a Roma"),
        ("papa", "il papa a Roma", "un papà a casa"),
        ("Conte", "parla Giuseppe Conte", "il conte e la contessa"),
        ("Conte", "il conte e la contessa", "un conto e i conti"),
        ("Monti", "il governo Monti", "mari e monti"),
        ("Meloni", "il premier Meloni", "due meloni maturi"),
    ],
)
def test_written_alike_comes_first(engine: Engine, asked: str, better: str, worse: str) -> None:
    engine.write([Article(id="b", text=better), Article(id="a", text=worse), *OTHERS])
    assert ranked(engine, word(asked))[0] == "b"


def test_a_word_without_a_capital_prefers_none(engine: Engine) -> None:
    engine.write([Article(id="b", text="parla Conte"), Article(id="a", text="parla il conte")])
    engine.write([Article(id="c", text="parla un conte"), *OTHERS])
    first, second, third = ranked(engine, word("conte"))
    assert (first, {second, third}) == ("b", {"a", "c"})  # the shortest; the others alike


def test_it_is_at_least_half_the_places_of_an_article_that_count(engine: Engine) -> None:
    engine.write(
        [
            Article(id="b", text="Conte, e un conte"),
            Article(id="a", text="conte, e un conte"),
            *OTHERS,
        ]
    )
    assert ranked(engine, word("Conte"))[0] == "b"


def test_authors_have_no_capitals_to_prefer(engine: Engine) -> None:
    engine.write([Article(id=i, author=a) for i, a in (("a", "mario conte"), ("b", "Mario Conte"))])
    assert ranked(engine, word("Conte", Scope.AUTHOR)) == ["a", "b"]


def _sharing() -> list[tuple[str, str]]:
    """Pairs of words that should not meet, yet share a stem."""
    if not PAIRS.exists():
        return []
    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()[1:]]
    return [
        pair
        for one, other, should, *_ in rows
        if should == "0" and _terms(one) & _terms(other)
        for pair in ((one, other), (other, one))
    ]


def _terms(text: str) -> set[str]:
    tokens = analyse(text)
    return {token.stem for token in tokens if token.stem} | {fold(token.form) for token in tokens}


@pytest.mark.skipif(not PAIRS.exists(), reason="pairs.tsv of the shared data is not here")
def test_of_words_that_only_share_a_stem_the_very_one_comes_first(engine: Engine) -> None:
    wrong = []
    templates = ["{}", "si parla di {} e di nient’altro", "{0}: ecco un {0}, scrive il giornale"]
    for (asked, other), template in product(_sharing(), templates):
        texts = [template.format(asked), template.format(other)]
        engine.delete(["a", "b"])
        engine.write([Article(id="b", text=texts[0]), Article(id="a", text=texts[1]), *OTHERS])
        if ranked(engine, any_of(asked))[0] != "b":
            wrong.append((asked, other, template))
    assert not wrong
