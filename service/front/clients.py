"""All clients of one worker: what the loop waits for of each, and who goes where there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from selectors import BaseSelector

from service.front.connection import Connection, State

MOST_UNSENT = 64 * 2**20  # bytes of answers that wait for their readers


class Clients:
    """The connections that are open, *most* of them; the *selector* knows those of the loop."""

    def __init__(self, selector: BaseSelector, most: int) -> None:
        self._selector = selector
        self._most = most
        self._open: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._open))

    def add(self, connection: Connection) -> None:
        """Take *connection* in, in another's place where there are too many."""
        if len(self._open) >= self._most:
            self.make_room()
        self._open.add(connection)

    def wait(
        self, connection: Connection, events: int, then: Callable[..., None] | None = None
    ) -> None:
        """Call *then* once one of *events* is there for *connection*; 0 for none."""
        if connection.awaited == (events, then):
            return
        if connection.awaited[0]:
            self._selector.unregister(connection.sock)
        if events:
            assert then is not None
            self._selector.register(connection.sock, events, partial(then, connection))
        connection.awaited = (events, then)

    def drop(self, connection: Connection) -> None:
        """Close *connection*."""
        if connection.state is not State.CLOSED:
            self.wait(connection, 0)
            connection.close()
            self._open.discard(connection)

    def make_room(self) -> None:
        """Close the connection that is missed least."""
        if victim := least_missed(self._open):
            self.drop(victim)

    def drop_slowest_readers(self) -> None:
        """Close those whose unsent answers are more than is kept."""
        for reader in tuple(slowest_readers(self._open)):
            self.drop(reader)


def least_missed(connections: Iterable[Connection]) -> Connection | None:
    """Return whom to close for another's sake: of the address that has the most connections.

    Among these the one whose time is over first. None where all are being answered.
    """
    waiting = [each for each in connections if each.state is not State.UNDER_WAY]
    if not waiting:
        return None
    crowd = Counter(each.host for each in waiting).most_common(1)[0][0]
    return min((each for each in waiting if each.host == crowd), key=lambda each: each.until)


def slowest_readers(connections: Iterable[Connection]) -> Iterator[Connection]:
    """Yield those whose answers are more than a worker keeps, the slowest first."""
    sending = [each for each in connections if each.state is State.SENDING]
    excess = sum(each.sock.unsent for each in sending) - MOST_UNSENT
    for connection in sorted(sending, key=lambda each: each.until):
        if excess <= 0:
            return
        excess -= connection.sock.unsent
        yield connection
