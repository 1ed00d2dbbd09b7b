"""Does a load of many articles, in several processes and segments, hold what was loaded?"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article, cutting
from indexer.articles.reading import Reading
from indexer.engines import open_engine, rebuild
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    Query,
    StoredArticle,
    Written,
)
from indexer.engines.whoosh import Folder, building, bulk, columns, snapshot, writing
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


def test_two_ids_that_share_a_hash_are_two_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (columns, snapshot, writing):
        monkeypatch.setattr(module, "hash_id", lambda _: 7)
    monkeypatch.setattr(snapshot, "_SEVERAL", 2)
    engine = open_engine(f"whoosh:{tmp_path}/index", create=True)
    some = [Article(id=name, text="neve") for name in ("a", "b", "a")]
    assert engine.write(some) == Written(2, 0)
    assert engine.write(some[:1]) == Written(0, 1)
    assert found(engine, word("neve")) == {"a", "b"}
    assert engine.get_all(["a", "c"]).keys() == {"a"}
    assert engine.get_all(["a", "b", "c"]).keys() == {"a", "b"}
    engine.close()


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


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Lines and texts: one line in 50 is broken, and ids come again in the next file and later."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, first, count in (("a", 0, 600), ("b", 590, 400), ("d", 5, 3)):
        lines = [
            json.dumps({"id": f"n{n}", "text": f"{name} neve numero{n}"})
            for n in range(first, first + count)
        ]
        lines[49::50] = ["broken"] * len(lines[49::50])
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "c.txt").write_text("La neve di un testo.", encoding="utf-8")
    (folder / "n7.txt").write_text("La neve di un testo che viene dopo.", encoding="utf-8")
    return folder


def loaded(engine: Engine, folder: Path) -> tuple[Written, list[str], dict[str, int]]:
    errors: list[str] = []
    told = {"bytes": 0, "articles": 0}

    def add(what: str, number: int) -> None:
        told[what] += number

    reading = Reading(
        [folder],
        lambda error: errors.append(str(error)),
        lambda size: add("bytes", size),
        lambda number: add("articles", number),
    )
    return engine.write(reading), sorted(errors), told


def test_files_read_by_the_processes_that_index_them_are_the_same_articles(
    engine: Engine, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = open_engine(f"whoosh:{tmp_path}/truth", create=True)
    written, errors, told = loaded(truth, files)
    monkeypatch.setattr(writing, "LITTLE", 1_000)
    monkeypatch.setattr(cutting, "_STRETCH", 2_000)
    ours, its_errors, its_told = loaded(engine, files)
    assert (ours, its_errors) == (written, errors)
    assert (
        sum("was read before, in" in error for error in errors) == 9 + 3 + 1
    )  # n599 is broken in a
    assert its_told == told
    for clause in (EVERYTHING, word("neve"), word("b"), word("d"), word("numero595")):
        assert found(engine, clause) == found(truth, clause)
    for name in ("n7", "n595", "n900", "c"):
        of_truth, of_ours = truth.get(name), engine.get(name)
        assert of_truth
        assert of_ours
        assert of_ours.article == of_truth.article
    assert loaded(engine, files)[0] == Written(0, written.added)
    # A rebuild reads files in the same way.
    again = rebuild(f"whoosh:{tmp_path}/index", Reading([files], lambda _: None), jobs=2)
    assert again == written
    truth.close()


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
