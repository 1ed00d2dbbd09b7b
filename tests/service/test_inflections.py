"""Does a verb find what its stem does not: forms that are first of all another word?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine, Word
from service.query import parse
from service.search import SearchRequest, search
from service.search.inflections import inflect

TEXTS = {
    "leggeva": "Leggeva ogni sera.",
    "letto": "Il libro è stato letto da molti in una sera.",
    "bed": "I letti e il letto della camera.",
    "law": "La legge è passata.",
    "have": "Hanno ragione.",
    "be": "Siamo qui e lo eravamo.",
}


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.write(Article(id=name, text=text) for name, text in TEXTS.items())
    return engine


def found(engine: Engine, q: str, *, variants: bool = True) -> list[str]:
    results = search(engine, SearchRequest(q=q, variants=variants)).results
    return [result.id for result in results]


@pytest.mark.parametrize(
    ("q", "first", "others"),
    [
        ("leggere", "leggeva", {"letto", "bed"}),
        ("leggere sera", "leggeva", {"letto", "bed"}),
        ("testo:leggere", "leggeva", {"letto", "bed"}),
        ("letto", "bed", {"letto"}),  # the noun is what is written
        ('"leggere"', None, set()),  # what is quoted is meant as it stands
        ("leggere -leggere", None, {"letto", "bed"}),  # so is what is excluded
        ("avere", "have", set()),
        ("sono", "be", set()),
        ("hai ragione", "have", set()),
        ('"avere"', None, set()),
    ],
)
def test_the_verb_first_then_what_may_be_its_form(
    archive: Engine, q: str, first: str | None, others: set[str]
) -> None:
    assert found(archive, q)[: 1 if first else 0] == ([first] if first else [])
    assert set(found(archive, q)) == others | ({first} if first else set())


def test_without_variants_the_stem_alone_finds(archive: Engine) -> None:
    assert found(archive, "leggere", variants=False) == ["leggeva"]
    assert found(archive, "avere", variants=False) == []


@pytest.mark.parametrize(
    "q", ["ho e non ho", "ha pace", "autore:leggere", "-leggere", "leggo~", ""]
)
def test_others_stay_as_they_are(q: str) -> None:
    parsed = parse(q)
    assert inflect(parsed, q) == parsed


def test_these_forms_are_marked_and_worth_less() -> None:
    marks = inflect(parse("leggere"), "leggere").marks
    assert [(m.form, m.weight < 1) for m in marks if isinstance(m, Word)] == [
        ("leggere", False),
        ("letta", True),
        ("letti", True),
        ("letto", True),
    ]


def test_nothing_found_names_what_was_typed(archive: Engine) -> None:
    assert search(archive, SearchRequest(q="titolo:leggere")).warnings == (
        "Nessun titolo contiene «leggere».",
    )
