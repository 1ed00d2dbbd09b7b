"""Of two words that share a stem, or their letters, does the one that was meant come first?

Both are found: a reader who leaves out an accent, or asks in another inflection, misses nothing.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest, search

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "pairs.tsv"

FRIENDS = [
    ("metà", "Meta"),
    ("papà", "papa"),
    ("però", "pero"),
    ("faro", "farò"),
    ("sarà", "Sara"),
    ("casinò", "casino"),
    ("parlò", "parlo"),
    ("Conte", "conto"),
    ("Renzi", "renzo"),
    ("Monti", "monte"),
    ("Rossi", "rosso"),
    ("Salvini", "salvino"),
    ("Meloni", "melone"),
    ("Costa", "costi"),
    ("vita", "viti"),
    ("mela", "melo"),
    ("tavola", "tavolo"),
    ("libera", "libero"),
    ("pescatore", "pescatrice"),
    ("leggere", "letto"),
    ("nascere", "nato"),
]


def test_a_capital_is_preferred_and_its_lack_prefers_none(engine: Engine) -> None:
    assert first(engine, "Conte", "conte") == "one"
    assert first(engine, "conte", "Conte") == "other"  # the newer one: many people type so


@pytest.mark.parametrize(("one", "other"), FRIENDS + [(two, one) for one, two in FRIENDS])
def test_the_word_as_written_comes_first(engine: Engine, one: str, other: str) -> None:
    assert first(engine, one, other) == "one"


def test_so_does_each_of_the_pairs_that_linguists_hold_apart(engine: Engine) -> None:
    if not PAIRS.exists():
        pytest.skip("the shared data are not here")
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    apart = [
        (row["query_word"], row["document_word"]) for row in rows if row["should_match"] == "0"
    ]
    both = [*apart, *((two, one) for one, two in apart)]
    assert [pair for pair in both if first(engine, *pair) != "one"] == []


def first(engine: Engine, one: str, other: str) -> str:
    """Ask for *one* of two articles that differ in a word; the newer one holds the *other*."""
    engine.write(
        [
            Article(id="one", text=f"Oggi c'è {one} nel testo.", date="2025-11-01"),
            Article(id="other", text=f"Oggi c'è {other} nel testo.", date="2025-11-02"),
        ]
    )
    return search(engine, SearchRequest(q=one)).results[0].id
