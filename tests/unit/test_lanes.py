"""Does a thread keep the connection of a busy client, and give it back where it should?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config

from service.app import SEARCHES
from service.front.arrival import Stage
from service.front.bounds import Bounds
from service.front.connection import Connection, State
from service.front.lanes import Lanes
from service.front.precedence import Precedence

SECONDS = 10.0
SEARCH = b"GET /search?q=%d HTTP/1.1\r\nHost: a\r\n\r\n"
READ = b"GET /articles/%d HTTP/1.1\r\nHost: a\r\n\r\n"
WRITE = b"DELETE /articles/%d HTTP/1.1\r\nHost: a\r\n\r\n"


class Counting(Precedence):
    """Tells how many writes are under way."""

    under_way = 0

    def count(self, more: int) -> None:
        super().count(more)
        self.under_way += more


class Client:
    """A connection that the worker's threads answer, and its other end."""

    def __init__(self) -> None:
        own, self.end = socket.socketpair()
        self.connection = Connection(Config(), own, ("127.0.0.1", 1), ("", 0), Bounds())
        self.connection.enter(State.UNDER_WAY, SECONDS)
        self.answered: list[str] = []
        self.threads: set[str] = set()
        self.coming: list[bytes] = []  # sent when the request before it is answered

    def close(self) -> None:
        self.end.close()
        self.connection.close()

    def asks(self, request: bytes) -> None:
        self.end.sendall(request)
        self.connection.sock.receive()

    def answer(self, connection: Connection) -> bool:
        self.answered.append(next(connection.parser).uri)
        self.threads.add(threading.current_thread().name)
        if self.coming:
            self.end.sendall(self.coming.pop(0))
        return True


@pytest.fixture
def precedence(tmp_path: Path) -> Counting:
    return Counting(SEARCHES, tmp_path, rows=1, processors=2)


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client()
    yield client
    client.close()


@pytest.fixture
def other() -> Iterator[Client]:
    client = Client()
    yield client
    client.close()


@pytest.fixture
def lanes(precedence: Counting) -> Iterator[Lanes]:
    lanes = Lanes(1, precedence)
    yield lanes
    lanes.shutdown()


@pytest.mark.parametrize(
    "requests",
    [(SEARCH, SEARCH, SEARCH), (WRITE, WRITE, WRITE), (READ, WRITE, READ), (WRITE, READ, WRITE)],
)
def test_what_a_busy_client_asks_next_is_answered_by_the_same_thread(
    client: Client, lanes: Lanes, precedence: Counting, requests: tuple[bytes, ...]
) -> None:
    first, *client.coming = (each % number for number, each in enumerate(requests, 1))
    client.asks(first)
    assert lanes.submit(client.answer, client.connection).result(SECONDS)
    assert [uri[-1] for uri in client.answered] == ["1", "2", "3"]
    assert len(client.threads) == 1
    assert precedence.under_way == 0
    assert client.connection.state is State.UNDER_WAY  # until the loop takes it back


@pytest.mark.parametrize(
    ("first", "then", "stage"),
    [
        (SEARCH, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", Stage.WHOLE),
        (SEARCH, WRITE % 2, Stage.WHOLE),
        (WRITE, SEARCH % 2, Stage.WHOLE),
        (WRITE, b"POST /search HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", Stage.WHOLE),
        (SEARCH, b"GET /search?q=2 HTTP/1.1\r\n", Stage.HEAD),
        (SEARCH, b"POST /search HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", Stage.BODY),
        (WRITE, b"PUT /articles/a HTTP/1.1\r\nExpect: 100-continue\r\n\r\n", Stage.STREAMED),
    ],
)
def test_a_request_for_another_lane_is_given_back_to_the_loop(
    client: Client,
    lanes: Lanes,
    precedence: Counting,
    first: bytes,
    then: bytes,
    stage: Stage,
) -> None:
    client.coming = [then]
    client.asks(first % 1)
    assert lanes.submit(client.answer, client.connection).result(SECONDS)
    assert len(client.answered) == 1
    assert client.connection.sock.arrival.stage() is stage
    assert precedence.under_way == 0


def test_a_client_that_has_gone_is_given_back(client: Client, lanes: Lanes) -> None:
    client.asks(SEARCH % 1)
    client.end.close()
    assert lanes.submit(client.answer, client.connection).result(SECONDS)
    assert client.connection.sock.receive() == 0  # the loop hears it too


def test_nobody_keeps_a_thread_for_which_another_waits(
    client: Client, other: Client, lanes: Lanes
) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> bool:
        kept = client.answer(connection)
        begun.set()
        go.wait(SECONDS)
        return kept

    client.coming = [SEARCH % 2]
    client.asks(SEARCH % 1)
    other.asks(SEARCH % 9)
    first = lanes.submit(slowly, client.connection)
    assert begun.wait(SECONDS)
    second = lanes.submit(other.answer, other.connection)
    go.set()
    assert first.result(SECONDS)
    assert second.result(SECONDS)
    assert client.answered == ["/search?q=1"]
    assert client.connection.sock.receive() > 0  # its next one is for the loop
