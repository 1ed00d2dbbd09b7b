"""What a folder promises of syncs: all is on the disk when it returns, at the price of one wait."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import EngineError
from indexer.engines.whoosh import Folder, WhooshEngine, create


class SlowDisk:
    """In the place of os.fsync: takes its time, and knows how many wait for it at once."""

    def __init__(self, seconds: float) -> None:
        self.at_once = self.most = self.done = 0
        self.refuses = -1  # the inode of what cannot be synced
        self._seconds = seconds
        self._counting = threading.Lock()

    def sync(self, descriptor: int) -> None:
        with self._counting:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self._seconds)
        with self._counting:
            self.at_once -= 1
            self.done += 1
        if os.fstat(descriptor).st_ino == self.refuses:
            raise OSError(errno.EIO, "refused")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    disk = SlowDisk(0.02)
    monkeypatch.setattr(os, "fsync", disk.sync)
    return disk


def test_a_slow_disk_is_waited_for_once_for_all_files(disk: SlowDisk, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    files = [folder.create("one"), folder.create("two")]
    folder.sync(files)  # how slow it is shows here
    disk.most = disk.done = 0
    folder.sync(files)
    assert (disk.done, disk.most, disk.at_once) == (3, 3, 0)


def test_a_quick_disk_is_asked_without_threads(disk: SlowDisk, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    files = [folder.create("one"), folder.create("two")]
    folder.sync(files)
    disk._seconds = 0

    def waits_at_once() -> int:
        disk.most = 0
        folder.sync(files)
        return disk.most

    # On a busy machine any sync may look slow, but not all.
    assert 1 in (waits_at_once() for _ in range(100))


@pytest.mark.parametrize("slow", [True, False])
def test_what_one_file_is_refused_is_raised(disk: SlowDisk, tmp_path: Path, slow: bool) -> None:
    folder = Folder(tmp_path)
    files = [folder.create("one"), folder.create("two")]
    if slow:
        folder.sync(files)
    disk.refuses = (tmp_path / "one").stat().st_ino
    with pytest.raises(EngineError, match="refuses"):
        folder.sync(files)
    assert disk.at_once == 0


def test_a_commit_waits_twice_for_a_slow_disk(disk: SlowDisk, tmp_path: Path) -> None:
    create(Folder(tmp_path))
    engine = WhooshEngine(Folder(tmp_path))
    for number in range(30):  # some of them merge
        engine.write([Article(id=str(number), text="neve")])
        if number:
            assert disk.done == 4  # the segment, the table, and the folder, before and after
            assert disk.most == 3
        disk.done = disk.most = 0
    engine.close()
