"""What one worker bears, and who has to go where it is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.front.connection import Connection, State

MOST_UNSENT = 64 * 2**20  # bytes of answers that wait for their readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a worker bears with clients and with itself, in seconds."""

    patience: float = 15
    """For a request to arrive or an answer to leave; every byte that moves adds to it."""
    longest: float = 300
    """For a request under way; then it is given up, and the worker is replaced."""


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
