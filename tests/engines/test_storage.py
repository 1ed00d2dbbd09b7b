"""What a folder promises of syncs: all is on the disk when it returns, at the price of one wait."""

from __future__ import annotations

import errno
import gc
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import EngineError
from indexer.engines.whoosh import Folder, WhooshEngine, create
from indexer.engines.whoosh.files import NewFile, OpenFile

SLOW = 0.02  # seconds
PATIENCE = 30.0  # seconds, for threads of a busy machine


class Disk:
    """In the place of os.fsync: each sync takes its time, or waits until others wait, too."""

    def __init__(self) -> None:
        self.done: list[int] = []  # inodes
        self.refused: set[int] = set()
        self.wait: Callable[[], object] = lambda: time.sleep(SLOW)

    def sync(self, descriptor: int) -> None:
        self.wait()
        inode = os.fstat(descriptor).st_ino
        if inode in self.refused:
            raise OSError(errno.EIO, "refused")
        self.done.append(inode)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.sync)
    return disk


@pytest.fixture(params=["slow", "quick"])
def folder(disk: Disk, tmp_path: Path, request: pytest.FixtureRequest) -> Folder:
    folder = Folder(tmp_path)
    if request.param == "quick":
        disk.wait = lambda: None
        for _ in range(100):  # on a busy machine any sync may look slow, but not all
            folder.sync()
            if not folder._slow:
                break
    else:
        folder.sync()
    disk.done.clear()
    assert folder._slow is (request.param == "slow")
    return folder


def files(folder: Folder) -> Sequence[NewFile | OpenFile]:
    folder.create("new").close()
    return [folder.open("new"), folder.create("newer"), folder.create("newest")]


def inode(folder: Folder, name: str) -> int:
    return (folder.path / name).stat().st_ino


def test_all_is_on_the_disk(disk: Disk, folder: Folder) -> None:
    folder.sync(files(folder))
    names = ("new", "newer", "newest", ".")
    assert sorted(disk.done) == sorted(inode(folder, name) for name in names)


def test_a_slow_disk_is_asked_for_all_at_once(disk: Disk, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.sync()
    disk.wait = threading.Barrier(4, timeout=PATIENCE).wait
    folder.sync(files(folder))


@pytest.mark.parametrize("name", ["new", "newer", "newest", "."])
def test_what_one_is_refused_is_raised_when_all_are_done(
    disk: Disk, folder: Folder, name: str
) -> None:
    opened, before = files(folder), threading.active_count()
    disk.refused.add(inode(folder, name))
    with pytest.raises(EngineError, match="refuses"):
        folder.sync(opened)
    assert threading.active_count() == before
    assert not folder._slow or len(disk.done) == 3


def test_a_refused_file_is_not_kept_open(disk: Disk, folder: Folder) -> None:
    gc.disable()
    try:
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(3):
            disk.refused = set()
            opened = files(folder)
            disk.refused.add(inode(folder, "newer"))
            with pytest.raises(EngineError):
                folder.sync(opened)
            for file in opened[1:]:
                file.close()  # type: ignore[union-attr]
            del file, opened
            for name in ("new", "newer", "newest"):
                folder.remove(name)
        assert len(list(Path("/proc/self/fd").iterdir())) == before
    finally:
        gc.enable()


def test_where_there_are_no_threads_all_is_synced_all_the_same(
    disk: Disk, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    opened = files(folder)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    folder.sync(opened)
    assert len(disk.done) == 4


def test_a_commit_waits_twice_for_a_slow_disk(disk: Disk, tmp_path: Path) -> None:
    create(Folder(tmp_path))
    engine = WhooshEngine(Folder(tmp_path))
    engine.write([Article(id="first", text="neve")])
    for number in range(30):  # some of them merge
        disk.done.clear()
        engine.write([Article(id=str(number), text="neve")])
        assert len(disk.done) == 4  # the segment, the table, and the folder, before and after
        assert disk.done.index(tmp_path.stat().st_ino) < 3
        assert disk.done[-1] == tmp_path.stat().st_ino
    engine.close()
