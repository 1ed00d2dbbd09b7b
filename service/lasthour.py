"""What was searched in the last hour, minute by minute, in memory that all workers share.

Of each minute: how many searches, how long they took, how many of which kind found nothing, and
what the slowest was like. Never what was typed: words in a search are the reader's own affair, and
of a small archive even «how often» may tell who. So nothing here names anyone, whoever looks.

Each process writes a row of its own, as in metrics.py; what is older than an hour is written over.
"""

from __future__ import annotations

import mmap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from enum import IntEnum

MINUTES = 60
SHOWN = 10  # of the slowest
_CELL = 8  # bytes


class Kind(IntEnum):
    """What a search is like, the first that fits."""

    FILTERED = 0  # by a field or a period
    PHRASE = 1
    PATTERN = 2  # pref*, parola~
    ONE_WORD = 3
    WORDS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One search without its words: how long it took, what it found, how it was put."""

    seconds: float
    found: int
    words: int
    phrases: int
    patterns: int
    filters: int

    @property
    def kind(self) -> Kind:
        """What it is like."""
        if self.filters:
            return Kind.FILTERED
        if self.phrases:
            return Kind.PHRASE
        if self.patterns:
            return Kind.PATTERN
        return Kind.ONE_WORD if self.words == 1 else Kind.WORDS


@dataclass(frozen=True, slots=True)
class Slow:
    """The slowest search that one process answered in the minute that began *at* this second."""

    at: float
    asked: Asked


@dataclass(frozen=True, slots=True)
class Told:
    """What the last hour was like."""

    searches: int
    seconds: float
    empty: dict[Kind, int]
    slowest: tuple[Slow, ...]


# Of a minute: its number, searches, seconds, the empty by kind, the slowest.
_EMPTY = 3
_SLOWEST = _EMPTY + len(Kind)
_WIDTH = _SLOWEST + len(Asked.__dataclass_fields__)


class LastHour:
    """Notes searches in *rows* for as many processes."""

    def __init__(self, rows: int = 1, clock: Callable[[], float] = time.time) -> None:
        self._rows = rows
        self._clock = clock
        self._cells = memoryview(mmap.mmap(-1, rows * MINUTES * _WIDTH * _CELL)).cast("d")
        self._start = 0
        self._lock = threading.Lock()

    def take(self, row: int) -> None:
        """Note in *row* from now on."""
        self._start = row % self._rows * MINUTES * _WIDTH
        self._lock = threading.Lock()  # one taken by another thread at the fork stays taken

    def note(self, asked: Asked) -> None:
        """Note a search that has been answered."""
        minute = self._clock() // 60
        cells = self._cells
        with self._lock:
            at = self._start + int(minute % MINUTES) * _WIDTH
            if cells[at] != minute:
                cells[at] = 0  # nobody adds up what is being cleared
                for place in range(at + 1, at + _WIDTH):
                    cells[place] = 0
                cells[at] = minute
            cells[at + 1] += 1
            cells[at + 2] += asked.seconds
            if not asked.found:
                cells[at + _EMPTY + asked.kind] += 1
            if asked.seconds >= cells[at + _SLOWEST]:
                for place, value in enumerate(astuple(asked), at + _SLOWEST):
                    cells[place] = value

    def told(self) -> Told:
        """Add up what all processes noted."""
        minutes = list(self._minutes())
        slowest = [
            Slow(each[0] * 60, Asked(each[_SLOWEST], *map(int, each[_SLOWEST + 1 :])))
            for each in minutes
        ]
        return Told(
            searches=int(sum(each[1] for each in minutes)),
            seconds=sum(each[2] for each in minutes),
            empty={kind: int(sum(each[_EMPTY + kind] for each in minutes)) for kind in Kind},
            slowest=tuple(sorted(slowest, key=lambda slow: -slow.asked.seconds)[:SHOWN]),
        )

    def _minutes(self) -> Iterator[Sequence[float]]:
        now = self._clock() // 60
        for at in range(0, len(self._cells), _WIDTH):
            if now - MINUTES < self._cells[at] <= now:
                yield self._cells[at : at + _WIDTH].tolist()
