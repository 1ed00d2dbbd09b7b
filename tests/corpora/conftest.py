"""`make test-corpora` asks all of ../shared/data; the ordinary run is content with a sample."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Engine

DATA = Path(__file__).parents[3] / "shared" / "data"
SAMPLE = 150  # articles of a corpus


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="whole corpora, and all the queries")


@pytest.fixture(scope="session")
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether time is no matter."""
    return bool(request.config.getoption("--whole", default=False))


@pytest.fixture(scope="module")
def corpus(
    whole: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], tuple[Engine, list[Article]]]]:
    """Return an index of the corpus of a name, and articles of it."""
    engines = []

    def opened(name: str) -> tuple[Engine, list[Article]]:
        path = DATA / name / "corpus.jsonl.gz"
        if not path.exists():
            pytest.skip("the shared data are not here")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = map(json.loads, lines if whole else islice(lines, SAMPLE))
            articles = [Article(id=row["id"], title=row["title"], text=row["text"]) for row in rows]
        engine = open_engine(f"whoosh:{tmp_path_factory.mktemp(name)}", create=True)
        engine.write(articles)
        engines.append(engine)
        return engine, articles

    yield opened
    for engine in engines:
        engine.close()
