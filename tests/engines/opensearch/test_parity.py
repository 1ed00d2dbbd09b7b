"""Does a cluster answer as the embedded engine does, where real articles are really asked for?

Of filters, phrases and booleans the very same articles; of ranked queries the same first ones,
nearly: Lucene picks the first 64, and among them the order is exact.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.relevance import Judged, measure, read_corpus, read_queries
from indexer.articles.reading import read_articles
from indexer.engines import open_engine
from indexer.engines.contract import EVERYTHING, Engine, Field, Page, Query, Sort
from indexer.engines.order import place
from service.query import parse
from service.search import SearchRequest, search

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
SETS = ("cad", "qa4faq")
QUERIES = 40
CONDITIONS = [
    "pace",
    '"piano di pace"',
    "piano -Istanbul",
    "piano E pace",
    "ucrain*",
    "Zelenski~",
    "fonte:Panorama",
    "dal:2025-11-19 al:2025-11-30",
    "titolo:guerra O autore:Piccirillo",
    "E",
]

Pair = tuple[Engine, Engine]


@pytest.fixture(scope="module")
def seeds(opensearch: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    yield from _both(opensearch, "seeds", tmp_path_factory)


def _ids(page: Page) -> list[str]:
    return [hit.article.id for hit in page.hits]


def _both(opensearch: str, name: str, folders: pytest.TempPathFactory) -> Iterator[Pair]:
    embedded = open_engine(f"whoosh:{folders.mktemp(name)}", create=True)
    cluster = open_engine(opensearch.format(f"{name}-{os.getpid()}"), create=True)
    for engine in (embedded, cluster):
        if name == "seeds":
            engine.write(read_articles([ROOT / "seeds"], pytest.fail))
        else:
            engine.write(read_corpus(DATA / name))
    yield embedded, cluster
    embedded.close()
    cluster.close()


@pytest.mark.parametrize("words", CONDITIONS)
@pytest.mark.parametrize("sort", list(Sort))
def test_every_condition_finds_the_same_in_the_same_order(
    seeds: Pair, words: str, sort: Sort
) -> None:
    query = Query(parse(words).clause or EVERYTHING, sort, facets=tuple(Field), days=True)
    pages = [engine.search(query, limit=100) for engine in seeds]
    assert pages[0].total == pages[1].total
    assert pages[0].facets == pages[1].facets
    assert pages[0].days == pages[1].days
    assert _ids(pages[0]) == _ids(pages[1])
    if not sort.by_score and pages[0].hits:
        behind = Query(query.clause, sort, after=place(pages[0].hits[0].article))
        assert _ids(seeds[0].search(behind)) == _ids(seeds[1].search(behind))


@pytest.fixture(scope="module", params=SETS)
def judged(
    request: pytest.FixtureRequest, opensearch: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine, list[Judged]]]:
    if not DATA.exists():
        pytest.skip("the shared data is not here")
    queries = list(islice(read_queries(DATA / request.param), QUERIES))
    for embedded, cluster in _both(opensearch, request.param, tmp_path_factory):
        yield embedded, cluster, queries


def test_readers_find_what_they_look_for_as_early(
    judged: tuple[Engine, Engine, list[Judged]],
) -> None:
    embedded, cluster, queries = judged
    own, its = measure(embedded, queries), measure(cluster, queries)
    assert its.mrr == pytest.approx(own.mrr, abs=0.01)
    assert its.recall == pytest.approx(own.recall, abs=0.01)


def test_the_first_ten_are_the_same_and_all_are_counted(
    judged: tuple[Engine, Engine, list[Judged]],
) -> None:
    embedded, cluster, queries = judged
    alike = []
    for query in queries:
        own, its = (
            search(engine, SearchRequest(q=query.text, snippets=0))
            for engine in (embedded, cluster)
        )
        assert own.total == its.total, query.text
        first = {result.id for result in own.results}
        alike.append(len(first & {result.id for result in its.results}) / max(1, len(first)))
    assert sum(alike) / len(alike) > 0.99
