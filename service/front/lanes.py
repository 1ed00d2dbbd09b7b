"""The threads that answer: those that search, and others, which never wait for them.

Whoever has answered keeps the connection for a moment, unless another one waits for a thread: the
next request of a busy client, if it is for the same lane, is answered where the last one was, and
neither the loop nor another thread is woken for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from service.front.connection import Connection
from service.front.precedence import Precedence

_MOMENT = 0.001  # seconds

Answer = Callable[[Connection], bool]


class Lanes:
    """Up to *threads* threads for searches, as *precedence* knows them, and for all else."""

    def __init__(self, threads: int, precedence: Precedence | None) -> None:
        self._precedence = precedence
        self._searching = ThreadPoolExecutor(threads, "searches")
        self._others = ThreadPoolExecutor(threads, "answers")
        self._waiting = 0  # requests that no thread has begun
        self._lock = threading.Lock()

    def submit(self, answer: Answer, connection: Connection) -> Future[bool]:
        """Let a thread *answer* the request of *connection*, whose head has come."""
        precedence, arrival = self._precedence, connection.sock.arrival
        self._wait(1)
        # Whose body is still to be read has a slow client perhaps: no gate is held for it.
        if precedence is None or connection.streamed:
            return self._others.submit(self._answer, answer, connection)
        if precedence.searches(arrival):
            return self._searching.submit(self._search, precedence, answer, connection)
        writes = precedence.writes(arrival)
        precedence.count(writes)
        return self._others.submit(self._other, precedence, answer, connection, writes)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more requests; called as gunicorn calls it of its own pool."""
        for each in (self._searching, self._others):
            each.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _answer(self, answer: Answer, connection: Connection) -> bool:
        self._wait(-1)
        return answer(connection)

    def _search(self, precedence: Precedence, answer: Answer, connection: Connection) -> bool:
        self._wait(-1)
        while True:
            with precedence.search():
                kept = answer(connection)
            if not kept or not self._goes_on(connection, precedence, searching=True):
                return kept

    def _other(
        self, precedence: Precedence, answer: Answer, connection: Connection, writes: bool
    ) -> bool:
        self._wait(-1)
        while True:
            try:
                kept = answer(connection)
            finally:
                precedence.count(-writes)
            if not kept or not self._goes_on(connection, precedence, searching=False):
                return kept
            writes = precedence.writes(connection.sock.arrival)
            precedence.count(writes)

    def _goes_on(self, connection: Connection, precedence: Precedence, *, searching: bool) -> bool:
        """Tell whether the next request of *connection* is there soon, and is for this lane."""
        return (
            not self._waiting
            and connection.asks_again(_MOMENT)
            and precedence.searches(connection.sock.arrival) is searching
        )

    def _wait(self, more: int) -> None:
        with self._lock:
            self._waiting += more
