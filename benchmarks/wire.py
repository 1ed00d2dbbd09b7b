"""HTTP as cheap as it gets: all clients on one loop, so that they take little of the machine.

A client is a generator: it yields what it asks and is sent what is answered. Clients share the
processors with the service that they measure, so whatever they use is missing there.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Generator, Iterable
from typing import NamedTuple

_CHUNK = 1 << 18
_PATIENCE = 30.0


class Ask(NamedTuple):
    """A request, on the client's own connection or on one for this request alone."""

    request: bytes
    anew: bool = False


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


Client = Generator[Ask, Answer, None]


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """Return a request as it travels."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def serve(port: int, clients: Iterable[Client]) -> None:
    """Let *clients* ask the service at *port* until all are done."""
    with selectors.DefaultSelector() as selector:
        for client in clients:
            _Seat(port, client, selector).begin()
        while selector.get_map():
            ready = selector.select(_PATIENCE)
            if not ready:
                raise TimeoutError(f"No answer for {_PATIENCE:g} seconds.")
            for key, _ in ready:
                key.data.receive()


class _Seat:
    """A client at its connection."""

    def __init__(self, port: int, client: Client, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._client = client
        self._selector = selector
        self._own = socket.create_connection(("127.0.0.1", port))
        self._asked_on = self._own
        self._held = b""

    def begin(self) -> None:
        self._ask(next(self._client, None))

    def _ask(self, ask: Ask | None) -> None:
        if ask is None:
            self._own.close()
            return
        asked_on = socket.create_connection(("127.0.0.1", self._port)) if ask.anew else self._own
        asked_on.sendall(ask.request)  # shorter than what a socket holds
        self._asked_on = asked_on
        self._selector.register(asked_on, selectors.EVENT_READ, self)

    def receive(self) -> None:
        part = self._asked_on.recv(_CHUNK)
        if not part:
            raise ConnectionError("The service hung up.")
        self._held += part
        head, end, body = self._held.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._held = b""
        self._selector.unregister(self._asked_on)
        if self._asked_on is not self._own:
            self._asked_on.close()
        try:
            following = self._client.send(Answer(int(head[9:12]), body))
        except StopIteration:
            following = None
        self._ask(following)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def ask(port: int, path: str) -> Answer:
    """Return what is answered to a single GET."""
    found: list[Answer] = []

    def asking() -> Client:
        found.append((yield Ask(request("GET", path))))

    serve(port, [asking()])
    return found[0]
