"""In which order do hits come, and in which pages?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, Engine, Query, Sort
from tests.engines.asking import ranked, word

NEVE = [
    Article(id="c", date="2025-11-18", title="«Zanzare» in città"),
    Article(id="b", date="2025-11-19", title="èlite e popolo"),
    Article(id="a", date="2025-11-19", title="Elite e popolo"),
    Article(id="e", date="2025-11", title="  Acqua alta"),
    Article(id="d", date="2025", title=""),
    Article(id="g", title="7 giorni"),
    Article(id="f", title="", text="Acqua: la prima frase è il titolo che si vede"),
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.RELEVANCE, "abcedfg"),  # nobody scores: newer first, then the id
        (Sort.NEWEST, "abcedfg"),
        (Sort.OLDEST, "decabfg"),
        (Sort.TITLE, "geabcdf"),
    ],
)
def test_order_and_its_ties(engine: Engine, sort: Sort, expected: str) -> None:
    engine.write(NEVE)
    assert "".join(ranked(engine, EVERYTHING, sort)) == expected


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_pages_put_together_are_the_whole(engine: Engine, sort: Sort, limit: int) -> None:
    engine.write(NEVE)
    whole = engine.search(Query(EVERYTHING, sort), limit=100)
    pages = [
        engine.search(Query(EVERYTHING, sort), offset=offset, limit=limit)
        for offset in range(0, len(NEVE), limit)
    ]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {len(NEVE)}


@pytest.mark.parametrize("offset", [7, 8, 10**9])
def test_past_the_end_there_is_nothing_and_the_total_stays(engine: Engine, offset: int) -> None:
    engine.write(NEVE)
    page = engine.search(Query(EVERYTHING), offset=offset)
    assert (page.hits, page.total) == ((), len(NEVE))


def test_a_page_may_be_empty(engine: Engine) -> None:
    engine.write(NEVE)
    page = engine.search(Query(EVERYTHING), limit=0)
    assert (page.hits, page.total) == ((), len(NEVE))


def test_only_relevance_scores(engine: Engine) -> None:
    engine.write([Article(id="a", text="neve")])
    scores = {sort: engine.search(Query(word("neve"), sort)).hits[0].score for sort in Sort}
    assert scores.pop(Sort.RELEVANCE) > 0
    assert set(scores.values()) == {0.0}
