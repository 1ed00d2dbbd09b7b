"""What happens on a real disk that is full: a small one, where the tests may mount it."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import EVERYTHING, Engine, NoRoom, Writes
from indexer.engines.whoosh import Folder, check
from tests.engines.asking import found, word

SIZE = 12 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def engine(disk: Path) -> Iterator[Engine]:
    engine = open_engine(f"whoosh:{disk}/index", create=True)
    yield engine
    engine.close()


def articles(count: int, start: int = 0) -> Iterator[Article]:
    chance = random.Random(start)
    for number in range(start, start + count):
        text = " ".join(f"{chance.getrandbits(40):x}" for _ in range(200))
        yield Article(id=f"a{number}", text=f"neve {text}")


def test_a_disk_that_fills_up_keeps_the_last_commit_and_writing_resumes(
    engine: Engine, disk: Path
) -> None:
    written = 0

    def fill() -> None:
        nonlocal written
        while True:
            engine.write(articles(100, written))
            written += 100

    with pytest.raises(NoRoom, match=r"No room for .* where [\d,]+ are free: free some"):
        fill()
    assert written > 0
    ids = {f"a{number}" for number in range(written)}
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == ids
    assert check(Folder(disk / "index"), lambda total: None, lambda size: None).whole
    assert engine.stats().writes is Writes.NO_ROOM
    assert not list((disk / "index").glob(".spill-*"))

    with pytest.raises(NoRoom):  # and again, no room is lost by trying
        engine.write(articles(2_000, written))
    assert found(engine, EVERYTHING) == ids

    deleted = sorted(ids)[: len(ids) * 3 // 4]
    engine.delete(deleted)  # needs hardly any room; what is merged then frees some
    ids -= set(deleted)
    assert found(engine, EVERYTHING) == ids
    engine.write(articles(1, 200_000))
    assert found(engine, EVERYTHING) == ids | {"a200000"}
    assert engine.stats().writes is Writes.READY


def test_room_made_elsewhere_is_enough(engine: Engine, disk: Path) -> None:
    engine.write(articles(10))
    other = disk / "other"
    with other.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, SIZE - (disk / "index").stat().st_size - (1 << 20))
    assert engine.stats().writes is Writes.NO_ROOM
    with pytest.raises(NoRoom):
        engine.write(articles(2_000, 1_000))
    assert len(found(engine, word("neve"))) == 10
    other.unlink()
    assert engine.stats().writes is Writes.READY
    engine.write(articles(100, 1_000))
    assert len(found(engine, word("neve"))) == 110
