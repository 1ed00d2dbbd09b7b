"""The threads that answer: those that search, and others, which never wait for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from service.front.connection import Connection
from service.front.precedence import Precedence

Answer = Callable[[Connection], bool]


class Lanes:
    """Up to *threads* threads for searches, as *precedence* knows them, and for all else."""

    def __init__(self, threads: int, precedence: Precedence | None) -> None:
        self._precedence = precedence
        self._searching = ThreadPoolExecutor(threads, "searches")
        self._others = ThreadPoolExecutor(threads, "answers")

    def submit(self, answer: Answer, connection: Connection) -> Future[bool]:
        """Let a thread *answer* the request of *connection*, whose head has come."""
        precedence, arrival = self._precedence, connection.sock.arrival
        # Whose body is still to be read has a slow client perhaps: no gate is held for it.
        if precedence is None or connection.streamed:
            return self._others.submit(answer, connection)
        if precedence.searches(arrival):
            return self._searching.submit(_search, precedence, answer, connection)
        if precedence.writes(arrival):
            precedence.count(1)
            return self._others.submit(_write, precedence, answer, connection)
        return self._others.submit(answer, connection)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more requests; called as gunicorn calls it of its own pool."""
        for each in (self._searching, self._others):
            each.shutdown(wait=wait, cancel_futures=cancel_futures)


def _search(precedence: Precedence, answer: Answer, connection: Connection) -> bool:
    with precedence.search():
        return answer(connection)


def _write(precedence: Precedence, answer: Answer, connection: Connection) -> bool:
    try:
        return answer(connection)
    finally:
        precedence.count(-1)
