"""The one process that commits for all workers of a service: no search holds it up.

    one thread  →  takes in what workers send, and withdrawals
    another     →  commits everything that waits, again and again

A worker whose threads search gets its interpreter back late after each of the many steps of a
commit; here nobody else wants it. It also knows the words of all commits before. Where it is
missing, because it died or is not there yet, workers commit for themselves (writer.py).
"""

from __future__ import annotations

import logging
import select
import selectors
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from indexer.engines.contract import EngineError
from service.writing.gathering import Gathering
from service.writing.orders import Order, Outcome
from service.writing.wire import ANSWER, DOOR, ORDERS, Frames, frame
from service.writing.writer import Writer

_TURN = 0.5  # seconds between looks at whether all goes on
_SEND = struct.pack("ll", 1, 0)  # a second for a worker to take its answer
_BACKLOG = 128

_log = logging.getLogger(__name__)


class Sent:
    """A batch that a worker waits for."""

    def __init__(self, client: _Client, name: int, orders: Sequence[Order]) -> None:
        self._client = client
        self._name = name
        self.orders = orders

    @property
    def awaited(self) -> bool:
        """Whether the worker still lives."""
        return self._client.there()

    def finish(self, outcomes: list[Outcome]) -> None:
        """Tell what became of the orders."""
        self._client.answer(self._name, outcomes, None)

    def fail(self, error: BaseException) -> None:
        """Tell why nothing was written."""
        known = error if isinstance(error, EngineError) else RuntimeError(repr(error))
        self._client.answer(self._name, [], known)


class _Client:
    """A thread of a worker; it sends one batch, and waits for what becomes of it."""

    def __init__(self, connection: socket.socket) -> None:
        # Blocking, for answers: the thread that commits waits until they are taken, but not long.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND)
        self._connection = connection
        self.frames = Frames(connection)
        self.waiting: Sent | None = None
        self._closing = threading.Lock()  # a number that is closed may be another's at once

    def fileno(self) -> int:
        return self._connection.fileno()

    def there(self) -> bool:
        # That it has hung up may be known before what it sent last has been read.
        poll = select.poll()
        with self._closing:
            if self._connection.fileno() < 0:
                return False
            poll.register(self._connection, 0)
            return not poll.poll(0)  # of hanging up one is told unasked

    def answer(self, name: int, outcomes: list[Outcome], error: BaseException | None) -> None:
        self.waiting = None
        with self._closing:
            try:
                self._connection.sendall(frame(ANSWER, (name, outcomes, error)))
            except OSError:
                with suppress(OSError):  # it is told, and asks anew
                    self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._closing:
            self._connection.close()


class Committer:
    """Carries out, by *writer*, what workers send to the socket in *folder*."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        self._writer = writer
        self._door = folder / DOOR
        self._gathering = Gathering(writer.queue)
        self._selector = selectors.DefaultSelector()
        self._clients: set[_Client] = set()
        self._over = False

    def run(self, goes_on: Callable[[], bool], grace: float) -> None:
        """Serve as long as it *goes_on*, then until no worker is left, *grace* seconds at most."""
        try:
            listener = self._listening()
        except OSError as error:  # no room, or a path too long for a socket
            _log.warning("Each worker commits for itself: no socket at %s (%s)", self._door, error)
            while goes_on():
                sleep(_TURN)
            return
        commits = threading.Thread(target=self._commit, name="commits")
        commits.start()
        try:
            # Should that thread meet a fault of ours, the process ends, and another one comes.
            while goes_on() and commits.is_alive():
                self._turn(_TURN)
            until = monotonic() + grace
            while self._clients and commits.is_alive() and monotonic() < until:
                self._turn(0.05)
        finally:
            listener.close()
            self._over = True
            self._gathering.wake()
            commits.join()
            for client in self._clients:
                client.close()
            self._selector.close()

    def _listening(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        try:
            # Bound elsewhere and renamed: at the door of one that died stands nobody.
            new = self._door.with_suffix(".new")
            new.unlink(missing_ok=True)
            listener.bind(str(new))
            listener.listen(_BACKLOG)
            listener.setblocking(False)
            new.rename(self._door)
        except OSError:
            listener.close()
            raise
        self._selector.register(listener, selectors.EVENT_READ, None)
        return listener

    def _turn(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            client: _Client | None = key.data
            if client is None:
                self._accept(key.fileobj)  # type: ignore[arg-type]
            else:
                self._receive(client)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            client = _Client(connection)
            self._clients.add(client)
            self._selector.register(client, selectors.EVENT_READ, client)

    def _receive(self, client: _Client) -> None:
        try:
            there = client.frames.receive(socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            there = False
        for kind, what in client.frames.whole():
            if kind == ORDERS:
                sent = client.waiting = Sent(client, *what)
                self._writer.queue.add(sent)
                self._gathering.wake()
            elif (waiting := client.waiting) and self._writer.queue.withdraw(waiting):
                waiting.fail(self._writer.busy())
        if not there:
            if waiting := client.waiting:  # nobody waits any more
                self._writer.queue.withdraw(waiting)
            self._selector.unregister(client)
            self._clients.discard(client)
            client.close()

    def _commit(self) -> None:
        while not self._over:
            if self._gathering.wait(_TURN):
                begun = monotonic()
                number = self._writer.commit_waiting()
                self._gathering.committed(number, monotonic() - begun)
