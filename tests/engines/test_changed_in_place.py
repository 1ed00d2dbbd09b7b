"""Is a file that somebody changes after it was compared told as damaged once it cannot be read?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.engines.contract import IndexDamaged
from indexer.engines.whoosh import Folder, WhooshEngine, create, rebuild
from tests.engines.test_damage import answers, articles


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    folder = Folder(tmp_path)
    create(folder)
    engine = WhooshEngine(folder)
    engine.write(articles(320, 1, 200))
    answers(engine)
    for view in engine._latest().views:
        view.file.sections.verify_all()
    yield engine
    engine.close()


@pytest.fixture(params=["a program", "the disk"])
def changed_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who changes a file: of a disk that forgets, the file's time tells nothing."""
    monkeypatch.setattr("indexer.engines.whoosh.index._BETWEEN_LOOKS", 0)
    changer: str = request.param
    return changer


def change(folder: Path, by: str, step: int = 997, end: int = -10_000) -> tuple[Path, bytes]:
    """Flip bits of the segment in place, but for its table; return it, and what it held."""
    (path,) = folder.glob("*.seg")
    content, time = path.read_bytes(), path.stat().st_mtime_ns
    with path.open("r+b") as file:
        for at in range(2_000, len(content[:end]), step):
            file.seek(at)
            file.write(bytes([content[at] ^ 1]))
    if by == "the disk":
        os.utime(path, ns=(time, time))
    return path, content


def put_back(path: Path, content: bytes) -> None:
    with path.open("r+b") as file:
        file.write(content)


def meet(engine: WhooshEngine) -> None:
    """Read articles until one cannot be read: a flipped letter of a text alone tells nothing."""
    for number in range(320):
        engine.get(f"1-{number}")


def test_what_cannot_be_read_is_damage_that_names_the_file_and_the_remedy(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    path, _ = change(tmp_path, changed_by)
    with pytest.raises(IndexDamaged, match=rf"{path} is damaged .*restore a copy"):
        meet(engine)
    with pytest.raises(IndexDamaged):
        answers(engine)


def test_once_damage_is_met_there_is_no_other_answer_than_before(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    before = {name: engine.get(name) for name in (f"1-{number}" for number in range(320))}
    change(tmp_path, changed_by, step=4_000)
    with pytest.raises(IndexDamaged):
        meet(engine)
    for name, stored in before.items():
        with suppress(IndexDamaged):
            assert engine.get(name) == stored


def test_a_table_that_was_changed_is_damage_too(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    whole = answers(engine)
    before = change(tmp_path, changed_by, end=-1)
    for _ in range(2):
        with pytest.raises(IndexDamaged):
            meet(engine)
        with pytest.raises(IndexDamaged):
            engine.stats()
    put_back(*before)
    assert answers(engine) == whole


def test_what_was_met_damaged_is_told_as_long_as_it_is(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    whole = answers(engine)
    engine.check_met()
    before = change(tmp_path, changed_by)
    for _ in range(2):
        with pytest.raises(IndexDamaged):
            meet(engine)
        with pytest.raises(IndexDamaged, match="restore a copy"):
            engine.check_met()
    put_back(*before)
    engine.check_met()
    assert answers(engine) == whole


def test_a_commit_that_does_without_it_has_met_nothing(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    change(tmp_path, changed_by)
    with pytest.raises(IndexDamaged):
        meet(engine)
    rebuild(Folder(tmp_path), articles(10, 1, 20))
    engine.check_met()
    assert engine.stats().articles == 10


def test_a_fault_over_whole_files_stays_a_fault(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("indexer.engines.whoosh.index.search", fail)
    with pytest.raises(RuntimeError, match="ours"):
        engine.search(None)  # type: ignore[arg-type]
    engine.check_met()


def write_until_merged(engine: WhooshEngine) -> None:
    for number in range(40):
        engine.write(articles(300, number + 2, 3))


def test_no_merge_gives_changed_bytes_new_checksums(
    engine: WhooshEngine, tmp_path: Path, changed_by: str
) -> None:
    change(tmp_path, changed_by)
    with pytest.raises(IndexDamaged, match="damaged"):
        write_until_merged(engine)
