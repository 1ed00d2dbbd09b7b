"""A client's socket as a thread sees it: one that never keeps it waiting.

    recv     what has arrived; only the body of a streamed request is waited for, at a pace
    sendall  collected, sent as far as the socket takes it; the loop sends the rest

A stream belongs to the loop or to one thread, never to both at once.
"""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from time import monotonic

from gunicorn.http.errors import ParseException

from service.front.arrival import Arrival, Stage
from service.front.bounds import Bounds

SLOWEST = 4_096  # bytes a second, once a client's patience is used up
_CHUNK = 65_536


class TooSlow(Exception):
    """A client sends or reads more slowly than it may."""


class Pace:
    """The time that a client has: some seconds, and more for every byte that moves."""

    def __init__(self, patience: float) -> None:
        self.until = monotonic() + patience

    def moved(self, size: int) -> None:
        """Allow for *size* more bytes."""
        self.until += size / SLOWEST


class Stream:
    """The socket of one connection, given to gunicorn in its place."""

    def __init__(self, client: socket.socket, bounds: Bounds) -> None:
        client.setblocking(False)
        self._socket = client
        self._bounds = bounds
        self._unsent: list[memoryview] = []
        self._timeout: float | None = None
        self._invitation = b""
        self.arrival = Arrival(longest_head=bounds.head)
        self.pace = Pace(bounds.patience)
        self.received_at = 0.0
        self.waiting = False  # for a body: `recv` waits then

    def fileno(self) -> int:
        """Return the number by which a selector knows the socket."""
        return self._socket.fileno()

    @property
    def unsent(self) -> int:
        """How many bytes are kept until the socket takes them."""
        return sum(map(len, self._unsent))

    def renew(self) -> None:
        """Begin the client's time anew."""
        self.pace = Pace(self._bounds.patience)

    def receive(self) -> int:
        """Take in what has come; return how many bytes, 0 at the end. Raise OSError."""
        chunk = self._socket.recv(_CHUNK)
        self.arrival.add(chunk)
        self.pace.moved(len(chunk))
        self.received_at = monotonic()
        return len(chunk)

    def comes(self, seconds: float) -> bool:
        """Tell whether a request is whole that is there, or comes within so many *seconds*."""
        if not self.arrival and _readable(self._socket, seconds):
            with suppress(OSError):  # the loop will meet it again
                self.receive()
        try:
            return self.arrival.stage() is Stage.WHOLE
        except ParseException:
            return False  # for the loop to refuse

    def put_back(self, chunk: bytes) -> None:
        """Hold *chunk* in front of what has arrived."""
        rest = self.arrival
        self.arrival = Arrival(chunk, longest_head=self._bounds.head)
        self.arrival.add(rest.take(len(rest)))

    def over(self) -> bool:
        """Throw away what has come; tell whether the client has closed."""
        try:
            return not self._socket.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def flush(self) -> None:
        """Send what the socket takes at once. Raise OSError where it takes no more at all."""
        while self._unsent:
            whole = self._unsent[0]
            if len(self._unsent) > 1:
                whole = memoryview(b"".join(self._unsent))
                self._unsent = [whole]
            try:
                sent = self._socket.send(whole)
            except BlockingIOError:
                return
            self.pace.moved(sent)
            self._unsent = [whole[sent:]] if sent < len(whole) else []

    def recv(self, size: int) -> bytes:
        """Return up to *size* bytes of the request, none at its end.

        Raise TooSlow, or TimeoutError where `settimeout` was told.
        """
        while not self.arrival and self.waiting:
            left = self._timeout
            if left is None:
                self._invite()
                left = self.pace.until - monotonic()
            if left < 0 or not _readable(self._socket, left):
                raise self._too_slow()
            with suppress(BlockingIOError):
                self.waiting = self.receive() > 0
        return self.arrival.take(size)

    def _invite(self) -> None:
        if self._invitation:
            self.sendall(self._invitation)
            self.flush()

    def _too_slow(self) -> Exception:
        if self._timeout is not None:  # what nobody reads is not waited for
            return TimeoutError()
        return TooSlow("the body comes too slowly")

    def send(self, payload: bytes) -> int:
        """Keep *payload*, `100 Continue`, until the body is waited for; an answer takes its place.

        So a client that waits for it is told at once where its head alone decides.
        """
        self._invitation = payload
        return len(payload)

    def sendall(self, payload: bytes) -> None:
        """Keep *payload* until `flush`, which long answers do now and then."""
        self._invitation = b""
        self._unsent.append(memoryview(payload))
        if len(payload) >= _CHUNK:
            self.flush()

    def setblocking(self, _flag: bool) -> None:
        """Stay as it is, which is neither."""

    def settimeout(self, seconds: float | None) -> None:
        """Wait no longer than *seconds* for a body."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Return what `settimeout` was told."""
        return self._timeout

    def shutdown(self, how: int) -> None:
        """Send no more. Raise OSError."""
        self._socket.shutdown(how)

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()


def _readable(client: socket.socket, seconds: float) -> bool:
    poll = select.poll()
    poll.register(client, select.POLLIN)
    return bool(poll.poll(seconds * 1_000))
