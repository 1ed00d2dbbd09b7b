"""Which words does an index hold, and in how many articles?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import AllOf, Engine, Fuzzy, Not, Scope
from tests.engines.asking import found, phrase, word

ARTICLES = [
    Article(id="a", title="Elezioni", text="le elezioni comunali", author="Elezione Rossi"),
    Article(id="b", text="l’elezione del sindaco, l'ELEZIONE e l’elenco"),
    Article(id="c", text="lezioni di città, straße e Зеленський"),
]


@pytest.mark.parametrize(
    ("form", "edits", "expected"),
    [
        ("elezioni", 0, {"elezioni": 1}),
        ("elezzioni", 1, {"elezioni": 1}),
        ("elezzione", 1, {"elezione": 1}),
        ("eleizone", 1, {"elezione": 1}),
        ("elezioni", 1, {"elezioni": 1, "elezione": 1, "lezioni": 1}),
        ("rlezioni", 1, {"elezioni": 1, "lezioni": 1}),
        ("città", 0, {"citta": 1}),
        ("CITTA", 1, {"citta": 1}),
        ("Зеленскій", 2, {"зеленськии": 1}),
        ("straße", 1, {"strasse": 1}),
        ("quarantadue", 2, {}),
        ("", 1, {"e": 2}),
    ],
)
def test_forms_near_one(engine: Engine, form: str, edits: int, expected: dict[str, int]) -> None:
    engine.write(ARTICLES)
    assert engine.forms_near(form, edits) == expected


@pytest.mark.parametrize(
    ("prefix", "limit", "expected"),
    [
        ("elez", 9, {"elezione": 1, "elezioni": 1}),
        ("L", 2, {"l'": 1, "le": 1}),
        ("CITTÀ", 9, {"citta": 1}),
        ("ele", 1, {"elenco": 1}),
        ("зел", 9, {"зеленськии": 1}),
        ("zz", 9, {}),
        ("", 9, {}),
    ],
)
def test_forms_that_begin_so_the_most_frequent_first(
    engine: Engine, prefix: str, limit: int, expected: dict[str, int]
) -> None:
    engine.write(ARTICLES)
    found = engine.forms_beginning(prefix, limit)
    assert list(found.items()) == list(expected.items())


def test_a_form_that_begins_so_is_gone_with_its_last_article(engine: Engine) -> None:
    engine.write(ARTICLES)
    engine.delete(["a"])
    assert engine.forms_beginning("elez", 9) == {"elezione": 1}


def test_words_of_deleted_articles_are_gone(engine: Engine) -> None:
    engine.write(ARTICLES)
    engine.delete(["a"])
    assert engine.forms_near("elezioni", 1) == {"elezione": 1, "lezioni": 1}


def test_how_many_articles_hold_a_clause(engine: Engine) -> None:
    engine.write(ARTICLES)
    clauses = [
        word("elezione"),
        word("elezioni", Scope.TITLE),
        phrase("elezioni comunali"),
        Fuzzy("elenchi", 2),
        Not(word("elezione")),
        AllOf(()),
        word("nulla"),
    ]
    assert engine.holding(clauses) == tuple(len(found(engine, clause)) for clause in clauses)
