"""Do searches leave room for writes while there are any, and only then?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from service.app import SEARCHES
from service.front.arrival import Arrival
from service.front.precedence import Precedence

SECONDS = 10.0
A_MOMENT = 0.2


def precedence(folder: Path, processors: int = 2) -> Precedence:
    return Precedence(SEARCHES, folder, rows=4, processors=processors)


class Searching(threading.Thread):
    """A search that lasts until it is told to end."""

    def __init__(self, precedence: Precedence) -> None:
        super().__init__(daemon=True)
        self._precedence = precedence
        self._end = threading.Event()
        self._begun = threading.Event()
        self.start()

    def run(self) -> None:
        with self._precedence.search():
            self._begun.set()
            self._end.wait(SECONDS)

    def begins(self, seconds: float = SECONDS) -> bool:
        return self._begun.wait(seconds)

    def end(self) -> None:
        self._end.set()
        self.join()


@pytest.mark.parametrize(
    ("request_line", "searches", "writes"),
    [
        (b"GET /search?q=pace HTTP/1.1", True, False),
        (b"POST /search HTTP/1.1", True, True),
        (b"HEAD / HTTP/1.1", True, False),
        (b"GET /?q=pace HTTP/1.1", True, False),
        (b"GET /articles/pace-28/similar?limit=3 HTTP/1.1", True, False),
        (b"GET /articles/pace-28 HTTP/1.1", False, False),
        (b"PUT /articles/search HTTP/1.1", False, True),
        (b"DELETE /articles/pace-28 HTTP/1.1", False, True),
        (b"POST /articles HTTP/1.1", False, True),
        (b"GET /searching HTTP/1.1", False, False),
        (b"GET /healthz HTTP/1.1", False, False),
    ],
)
def test_what_is_asked_is_told_by_the_first_line(
    tmp_path: Path, request_line: bytes, searches: bool, writes: bool
) -> None:
    arrival = Arrival(request_line + b"\r\nHost: a\r\n\r\n")
    asked = precedence(tmp_path)
    assert (asked.searches(arrival), asked.writes(arrival)) == (searches, writes)


def test_where_nobody_writes_no_search_waits_for_another(tmp_path: Path) -> None:
    both = precedence(tmp_path)
    searches = [Searching(both) for _ in range(3)]
    assert all(each.begins() for each in searches)
    for each in searches:
        each.end()


@pytest.mark.parametrize(("processors", "gates"), [(1, 1), (2, 1), (4, 3)])
def test_while_somebody_writes_all_processors_but_one_search(
    tmp_path: Path, processors: int, gates: int
) -> None:
    shared = precedence(tmp_path, processors)
    shared.count(1)
    passed = [Searching(shared) for _ in range(gates)]
    assert all(each.begins() for each in passed)
    waits = Searching(shared)
    assert not waits.begins(A_MOMENT)
    for each in passed:
        each.end()
    assert waits.begins()
    waits.end()


def write_and_search(shared: Precedence, searching: Event) -> None:
    shared.take(1)
    shared.count(1)
    with shared.search():
        searching.set()
        signal.pause()


def test_a_worker_that_dies_holds_nobody_up(tmp_path: Path) -> None:
    shared = precedence(tmp_path)
    context = multiprocessing.get_context("fork")
    searching = context.Event()
    worker = context.Process(target=write_and_search, args=(shared, searching))
    worker.start()
    assert searching.wait(SECONDS)
    waits = Searching(shared)
    assert not waits.begins(A_MOMENT)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert waits.begins()
    free = Searching(shared)
    assert not free.begins(A_MOMENT)  # as far as anybody knows it writes
    shared.leave(1)
    others = Searching(shared)
    assert others.begins()
    for each in (waits, free, others):
        each.end()
    worker.join()
