"""Where workers put what they want written while another one writes: a folder in shared memory.

    while another commits   →  A.orders    put here by who waits
    whoever commits next    →  A.taken     collects what lies here, commits it with its own
    once that is durable    →  A.done      is read and removed by who waits

One process at a time has the turn: a lock, which the system frees when its holder dies. Orders
that are taken while nobody has the turn were a dead one's: the next one carries them out, again
if they had been. Whoever waits holds a lock on its orders; those of a dead one are thrown away:
nobody waits for them any more, and late they would undo what was written since.
What is put here never leaves the memory of this machine; the folder is the service's own, and
goes with it, or when the next service starts.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from typing import Any

from indexer.engines.contract import EngineError
from service.writing.batch import Waiting
from service.writing.orders import Order, Outcome

LARGEST = 16
"""Orders in a batch that is put here; larger ones wait for a turn of their own."""

_PREFIX = "ritaglio-shelf-"
_LEFT = 60.0  # seconds after which nobody waits for an answer any more
_LAST = struct.Struct("dd")  # batches and seconds of the last commit


@contextmanager
def shared_folder() -> Iterator[Path | None]:
    """Make the folder, before workers are forked; None where there is no room for one."""
    memory = Path("/dev/shm")
    try:
        place = memory if os.access(memory, os.W_OK) else Path(gettempdir())
        _sweep(place)
        folder = Path(mkdtemp(prefix=_PREFIX, dir=place))
        # Inherited by the workers: as long as one of them lives, the folder is in use.
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        yield None
        return
    maker = os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == maker:  # a worker that ends comes this way too
            rmtree(folder, ignore_errors=True)
        os.close(lock)


def _sweep(place: Path) -> None:
    """Remove the folders of services that were killed."""
    for left in place.glob(f"{_PREFIX}*"):
        # One that was just made may not be locked yet.
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT and not _locked(left):
                rmtree(left, ignore_errors=True)


class Handed:
    """A batch of any process, taken from the shelf."""

    awaited = True  # else it would not have been taken

    def __init__(self, taken: Path, orders: Sequence[Order]) -> None:
        self._taken = taken
        self.orders = orders

    def finish(self, outcomes: list[Outcome]) -> None:
        """Tell what became of the orders."""
        self._answer((outcomes, None))

    def fail(self, error: BaseException) -> None:
        """Tell why nothing was written."""
        known = error if isinstance(error, EngineError) else RuntimeError(repr(error))
        self._answer(([], known))

    def _answer(self, answer: tuple[list[Outcome], BaseException | None]) -> None:
        _put(self._taken.with_suffix(".done"), answer)
        self._taken.unlink(missing_ok=True)


class Shelf:
    """The folder, as one process uses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = os.open(folder / "turn", os.O_CREAT | os.O_RDWR, 0o600)
        self._numbers = count()
        self._mine: dict[Path, tuple[Waiting, int]] = {}  # and a file that holds the lock

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Have the turn, if no other process has it: tell which."""
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    @property
    def last(self) -> tuple[float, float]:
        """How many batches the last commit of any process had, and how long it took."""
        held = os.pread(self._turn, _LAST.size, 0)
        batches, seconds = _LAST.unpack(held) if len(held) == _LAST.size else (0.0, 0.0)
        return batches, seconds

    @last.setter
    def last(self, told: tuple[float, float]) -> None:
        os.pwrite(self._turn, _LAST.pack(*told), 0)

    def waiting(self) -> int:
        """Return how many batches lie here."""
        return sum(path.suffix in (".orders", ".taken") for path in self._folder.iterdir())

    def hand_in(self, batch: Waiting) -> None:
        """Put *batch* here. Raise OSError where there is no room."""
        path = self._folder / f"{time.time_ns()}-{os.getpid()}-{next(self._numbers)}.orders"
        new = path.with_suffix(".new")
        _fill(new, tuple(batch.orders))
        lock = os.open(new, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self._mine[path] = batch, lock
        new.rename(path)

    def collect(self) -> list[Handed]:
        """Take all that lies here, the first first; only who has the turn may."""
        found = []
        for path in sorted(self._folder.iterdir()):
            with suppress(FileNotFoundError):  # withdrawn, or read, at this moment
                if path.suffix in (".orders", ".taken"):
                    taken = path.with_suffix(".taken")
                    path.rename(taken)
                    if not _locked(taken):  # nobody waits for the answer
                        taken.unlink()
                        continue
                    found.append(Handed(taken, pickle.loads(taken.read_bytes())))
                elif path.suffix == ".done" and path.stat().st_mtime < time.time() - _LEFT:
                    path.unlink()
        return found

    def look(self) -> None:
        """Read the answers to what this process has put here."""
        if not self._mine:
            return
        there = set(self._folder.iterdir())
        for path, (batch, lock) in list(self._mine.items()):
            done = path.with_suffix(".done")
            if done in there:
                outcomes, error = pickle.loads(done.read_bytes())
                del self._mine[path]
                os.close(lock)
                done.unlink()
                if error is None:
                    batch.finish(outcomes)
                else:
                    batch.fail(error)

    def withdraw(self, batch: Waiting) -> bool:
        """Take *batch* back; tell whether it still lay here."""
        for path, (mine, lock) in list(self._mine.items()):
            if mine is batch:
                with suppress(FileNotFoundError):
                    path.unlink()
                    del self._mine[path]
                    os.close(lock)
                    return True
        return False


def _locked(path: Path) -> bool:
    """Tell whether a process that lives holds *path*."""
    looking = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(looking, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(looking)
    return False


def _put(path: Path, what: Any) -> None:
    new = path.with_suffix(".new")
    _fill(new, what)
    new.rename(path)


def _fill(new: Path, what: Any) -> None:
    try:
        new.write_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
    except OSError:
        new.unlink(missing_ok=True)
        raise
