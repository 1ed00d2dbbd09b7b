"""Does the way back lead to what was there, whatever happens on the way?"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import forget, kept, open_engine, rebuild, roll_back
from indexer.engines.contract import EVERYTHING, Engine, EngineError, IndexOutdated
from tests.engines.asking import found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def url(folder: Path) -> str:
    return f"whoosh:{folder}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, create=True)
    engine.write([Article(id="a", text="neve"), Article(id="b", text="sole")])
    yield engine
    engine.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_rolling_back_twice_changes_nothing(engine: Engine, url: str) -> None:
    rebuild(url, [Article(id="c", text="neve")])
    assert found(engine, EVERYTHING) == {"c"}
    assert roll_back(url).articles == 2
    assert found(engine, EVERYTHING) == {"a", "b"}
    assert roll_back(url).articles == 1
    assert found(engine, EVERYTHING) == {"c"}


def test_what_was_written_after_a_rebuild_comes_back_with_the_second_rollback(
    engine: Engine, url: str
) -> None:
    rebuild(url)
    engine.write([Article(id="c", text="neve")])
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b", "c"}


def test_only_the_last_index_is_kept_and_it_keeps_what_it_says(engine: Engine, url: str) -> None:
    rebuild(url, [Article(id="c")])
    rebuild(url, [Article(id="d"), Article(id="e"), Article(id="f")])
    before = kept(url)
    assert before is not None
    assert (before.articles, before.generation) == (1, 2)
    roll_back(url)
    assert found(engine, EVERYTHING) == {"c"}


def test_writes_merges_and_deletions_do_not_touch_what_is_kept(engine: Engine, url: str) -> None:
    rebuild(url)
    for number in range(40):
        engine.write([Article(id=f"n{number}")])
    engine.delete(["a", "b"])
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_what_is_kept_takes_room_until_it_is_forgotten(
    engine: Engine, url: str, folder: Path
) -> None:
    assert kept(url) is None
    size = sum(path.stat().st_size for path in folder.glob("*.*"))
    rebuild(url)
    before = kept(url)
    assert before is not None
    assert before.bytes == size
    assert forget(url) == before
    assert kept(url) is None
    assert not (folder / "previous").exists()


@pytest.mark.parametrize("use", [roll_back, forget])
def test_with_nothing_kept_this_is_said(engine: Engine, url: str, use: object) -> None:
    with pytest.raises(EngineError, match="only a rebuild or a restore keeps"):
        use(url)  # type: ignore[operator]
    with pytest.raises(EngineError, match="There is no index"):
        use(f"{url}/nowhere")  # type: ignore[operator]


def test_a_rebuild_may_keep_nothing(engine: Engine, url: str) -> None:
    rebuild(url, keep=False)
    assert kept(url) is None


def test_nothing_rolls_back_to_an_index_of_another_version(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for module in ("schema", "opening"):
            patch.setattr(f"indexer.engines.whoosh.{module}.CHAIN", 99)
        rebuild(url)
    rebuild(url)
    assert (before := kept(url)) is not None
    assert before.articles is None
    with pytest.raises(IndexOutdated, match="run rollback with that version"):
        roll_back(url)
    with monkeypatch.context() as patch:
        for module in ("schema", "opening"):
            patch.setattr(f"indexer.engines.whoosh.{module}.CHAIN", 99)
        roll_back(url)
    with pytest.raises(IndexOutdated):
        found(engine, EVERYTHING)
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_nothing_rolls_back_to_a_damaged_index(engine: Engine, url: str, folder: Path) -> None:
    rebuild(url, [Article(id="c")])
    (segment,) = (folder / "previous").glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    with pytest.raises(EngineError, match="damaged"):
        roll_back(url)
    assert found(engine, EVERYTHING) == {"c"}


def test_where_files_cannot_be_linked_they_are_copied(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.link", refuse)
    rebuild(url, [Article(id="c")])
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_a_writer_that_died_before_the_switch_leaves_what_was_kept_before(
    engine: Engine, url: str, folder: Path
) -> None:
    rebuild(url, [Article(id="c")])
    # What a death between keeping and switching leaves: the links, and no new table of contents.
    shutil.copytree(folder / "previous", folder / "previous.new")
    (table,) = (folder / "previous.new").glob("*.toc")
    (now,) = folder.glob("*.toc")
    table.rename(table.with_name(now.name))
    engine.write([Article(id="d")])
    assert not (folder / "previous.new").exists()
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_a_writer_that_died_after_the_switch_has_kept_what_was_there(
    engine: Engine, url: str, folder: Path
) -> None:
    rebuild(url, [Article(id="c")])
    (folder / "previous").rename(folder / "previous.new")
    engine.write([Article(id="d")])
    assert "previous" in names(folder)
    assert "previous.new" not in names(folder)
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}
