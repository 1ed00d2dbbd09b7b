"""A process of its own for each engine, so that none disturbs another or borrows its memory.

What stands below Seat runs inside that process; one engine sits in it for its whole life.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines import Answer, Contestant, load
from benchmarks.speed.memory import Memory, Watch, memory_of
from benchmarks.speed.questions import Question
from indexer.articles import Article

T = TypeVar("T")


class Cost(NamedTuple):
    """Seconds by the clock, and of all processors together."""

    wall: float
    cpu: float


class Asked(NamedTuple):
    """What one question cost, and what it found."""

    cost: Cost
    answer: Answer


@dataclass(frozen=True, slots=True)
class Indexed:
    """What making an index cost."""

    cost: Cost
    peak: Memory
    bytes: int


class Seat:
    """The engine *name* over *folder*, in a process of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder / name
        self._process = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), _sit, (name, folder)
        )
        self._pid, self.version = self._do(_introduce)

    def index(self, corpus: Corpus, jobs: int) -> Indexed:
        """Make the index of *corpus*."""
        os.sync()  # what was written before is not paid for here
        with Watch(self._pid) as watch:
            cost = self._do(_index, corpus, jobs)
        return Indexed(cost, watch.peak, size_of(self._folder))

    def open(self, times: int = 1) -> list[Cost]:
        """Open the index anew *times* times; it stays open."""
        return self._do(_open, times)

    def segments(self) -> int:
        """Return the number of parts that a search looks into."""
        return self._do(_segments)

    def ask(self, questions: list[Question]) -> list[Asked]:
        """Ask *questions*, one after the other."""
        return self._do(_ask, questions)

    def put(self, articles: list[Article]) -> list[Cost]:
        """Add or replace *articles*, one commit for each."""
        return self._do(_put, articles)

    def memory(self) -> Memory:
        """Return the memory that the process holds now."""
        return memory_of(self._pid)

    def leave(self) -> None:
        """End the process."""
        self._process.shutdown()

    def _do(self, work: Callable[..., T], *arguments: object) -> T:
        return self._process.submit(work, *arguments).result()


def size_of(folder: Path) -> int:
    """Return the bytes of all files in *folder*."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


_engine: Contestant
_is_open = False


def _sit(name: str, folder: Path) -> None:
    global _engine
    _engine = load(name, folder)


def _introduce() -> tuple[int, str]:
    return os.getpid(), _engine.version


def _index(corpus: Corpus, jobs: int) -> Cost:
    return _timed(lambda: _engine.index(corpus, jobs))[0]


def _open(times: int) -> list[Cost]:
    global _is_open
    costs = []
    for _ in range(times):
        if _is_open:
            _engine.close()
        costs.append(_timed(_engine.open)[0])
        _is_open = True
    return costs


def _segments() -> int:
    return _engine.segments()


def _ask(questions: list[Question]) -> list[Asked]:
    return [Asked(*_timed(_engine.prepare(question))) for question in questions]


def _put(articles: list[Article]) -> list[Cost]:
    return [_timed(partial(_put_one, article))[0] for article in articles]


def _put_one(article: Article) -> None:
    _engine.put(article)
    assert _engine.text_of(article.id) == article.text, "written, and not seen"


def _timed(work: Callable[[], T]) -> tuple[Cost, T]:
    cpu, wall = _cpu(), time.perf_counter()
    result = work()
    wall = time.perf_counter() - wall
    return Cost(wall, _cpu() - cpu), result


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
