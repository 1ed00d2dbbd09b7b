"""Does a load of many articles, in several processes and segments, hold what was loaded?"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    Query,
    StoredArticle,
    Written,
)
from indexer.engines.whoosh import Folder, building, bulk
from indexer.engines.whoosh.lexicon import Lexicon
from tests.engines.asking import any_of, found, ranked, word
from tests.engines.memory import MemoryEngine

FEW = 1_000
MANY = FEW + 300


def articles(version: str, count: int = MANY) -> Iterator[Article]:
    for number in range(count):
        text = f"{version} numero{number} e poi {'neve ' * (number % 7)} dell’inverno {number % 10}"
        yield Article(id=f"a{number}", title=f"Titolo {number % 50}", text=text)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(bulk, "_FEW", FEW)
    engine = open_engine(f"whoosh:{tmp_path}/index", create=True, jobs=2)
    yield engine
    engine.close()


def test_many_articles_are_found_as_if_written_one_by_one(engine: Engine) -> None:
    truth = MemoryEngine()
    truth.write(articles("prima"))
    assert engine.write(articles("prima")) == Written(MANY, 0)
    for clause in (word("neve"), word("numero77"), any_of("inverno titolo neve 7")):
        assert ranked(engine, clause)[:50] == ranked(truth, clause)[:50]
        assert found(engine, clause) == found(truth, clause)


def test_the_later_of_two_with_one_id_stays_whichever_process_had_it(engine: Engine) -> None:
    def twice() -> Iterator[Article]:
        yield from articles("prima")
        yield from articles("seconda", 100)

    assert engine.write(twice()) == Written(MANY, 0)
    assert found(engine, word("seconda")) == {f"a{number}" for number in range(100)}
    assert engine.write(articles("terza")) == Written(0, MANY)
    assert found(engine, word("prima")) == found(engine, word("seconda")) == set()
    assert engine.search(Query(EVERYTHING)).total == MANY


def test_a_source_that_fails_midway_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    def failing() -> Iterator[Article]:
        yield from articles("prima")
        raise RuntimeError("no more")

    engine.write([Article(id="z", text="neve")])
    files = set(tmp_path.rglob("*"))
    with pytest.raises(RuntimeError, match="no more"):
        engine.write(failing())
    assert found(engine, EVERYTHING) == {"z"}
    assert set(tmp_path.rglob("*")) == files


def test_a_killed_process_is_told_and_changes_nothing(engine: Engine) -> None:
    def killing() -> Iterator[Article]:
        yield from articles("prima")
        for worker in multiprocessing.active_children():
            worker.kill()
        yield from articles("prima")

    with pytest.raises(EngineError, match="--jobs 1"):
        engine.write(killing())
    assert found(engine, EVERYTHING) == set()
    engine.write([Article(id="a")])
    assert found(engine, EVERYTHING) == {"a"}


def test_segments_larger_than_a_batch_are_one_with_smaller_ones(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = MemoryEngine()
    monkeypatch.setattr("indexer.engines.whoosh.building._BATCH_BYTES", 2_000)
    monkeypatch.setattr("indexer.engines.whoosh.inversion._STRETCH", 300)
    monkeypatch.setattr("indexer.engines.whoosh.lexicon._MOST_CHUNKS", 50)
    few = list(articles("prima", 400))
    truth.write(few)
    engine.write(few)
    for clause in (word("neve"), word("numero77"), any_of("inverno titolo neve 7")):
        assert ranked(engine, clause) == ranked(truth, clause)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is open")
def test_what_waits_for_the_merge_takes_one_open_file_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_BATCH_BYTES", 1_000)
    builder = building.SegmentBuilder(Folder(tmp_path), Lexicon())
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(40):
        builder.add(StoredArticle(Article(id=f"{number}", text="neve sole mare " * 100), ""))
    assert len(list(Path("/proc/self/fd").iterdir())) - before <= 40 + 3
    assert builder.finish()
