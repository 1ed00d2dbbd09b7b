"""Who goes first: while anybody writes, searches leave a processor free for it.

    each worker     tells, in memory that all share, how many writes it has under way
    a search        that begins while there are any passes a gate first
    gates           one for each processor but one, right across workers

A write needs a processor for moments, many times in turn, in several processes; a search keeps one
for milliseconds. Where searches take them all, a write waits for one at each of its steps. Without
a write under way nobody waits. A gate is a lock of the system: it opens when its holder dies.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import random
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.front.arrival import Arrival

_CELL = 8  # bytes
_WRITES = re.compile(rb"(?:PUT|POST|DELETE) ")


class Precedence:
    """Writes before *searches*, paths of routes; workers, each with a row of *rows*, share it."""

    def __init__(
        self, searches: Iterable[str], folder: Path, *, rows: int, processors: int
    ) -> None:
        each = (re.sub(r"\\\{\w+\\\}", "[^/? ]+", re.escape(path)) for path in searches)
        self._searches = re.compile(rf"[A-Z]+ (?:{'|'.join(each)})[? ]".encode())
        self._gates = [folder / f"gate-{number}" for number in range(max(1, processors - 1))]
        for gate in self._gates:
            gate.touch()
        self._writes = memoryview(mmap.mmap(-1, rows * _CELL)).cast("q")
        self._rows = rows
        self._row = 0
        self._lock = threading.Lock()

    def take(self, row: int) -> None:
        """Count in *row* from now on; whoever counted there before is gone."""
        self._row = row % self._rows
        self._writes[self._row] = 0
        self._lock = threading.Lock()  # one taken by another thread at the fork stays taken

    def leave(self, row: int) -> None:
        """Forget what a worker that has ended counted in *row*."""
        self._writes[row % self._rows] = 0

    def searches(self, arrival: Arrival) -> bool:
        """Tell whether the request that has come is a search."""
        return arrival.begins(self._searches)

    def writes(self, arrival: Arrival) -> bool:
        """Tell whether the request that has come is a write, if it is no search."""
        return arrival.begins(_WRITES)

    def count(self, more: int) -> None:
        """Count so many writes more that are under way."""
        if more:
            with self._lock:
                self._writes[self._row] += more

    @contextmanager
    def search(self) -> Iterator[None]:
        """Search, after a wait at a gate while anybody writes."""
        if not any(self._writes):
            yield
            return
        gate = self._passed()
        try:
            yield
        finally:
            os.close(gate)

    def _passed(self) -> int:
        first = random.randrange(len(self._gates))
        for number in range(len(self._gates)):
            gate = os.open(self._gates[number - first], os.O_RDONLY)
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return gate
            except BlockingIOError:
                os.close(gate)
        gate = os.open(self._gates[-first], os.O_RDONLY)
        fcntl.flock(gate, fcntl.LOCK_EX)
        return gate
