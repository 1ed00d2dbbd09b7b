"""Orders that came together, and the queue in which they wait in this process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from service.writing.orders import Order, Outcome

MOST = 1_000
"""Orders that are taken at once, and no more than one batch beyond."""


class Waiting(Protocol):
    """Orders that came together, for whoever waits for them, in this process or another."""

    @property
    def orders(self) -> Sequence[Order]:
        """The orders."""

    @property
    def awaited(self) -> bool:
        """Whether the one who waits for them still lives."""

    def finish(self, outcomes: list[Outcome]) -> None:
        """Tell what became of the orders."""

    def fail(self, error: BaseException) -> None:
        """Tell why nothing was written."""


class Batch:
    """Orders that came together, and in the end what became of them."""

    awaited = True

    def __init__(self, orders: Sequence[Order]) -> None:
        self.orders = orders
        self.begun = False
        """Whether another process is carrying them out."""
        self.frame: bytearray | None = None
        """The orders as they travel, where that was seen to before it was their turn."""
        self.uncertain = False
        """Whether a process that died may have carried them out: nobody may deny it then."""
        self.reset()

    def reset(self) -> None:
        """Know nothing of what became of them."""
        self.outcomes: list[Outcome] = []
        self.error: BaseException | None = None
        self.done = False

    def finish(self, outcomes: list[Outcome]) -> None:
        """Tell what became of the orders."""
        self.outcomes, self.done = outcomes, True

    def fail(self, error: BaseException) -> None:
        """Tell why nothing was written."""
        self.error, self.done = error, True


class Queue:
    """Batches that wait."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, batch: Waiting) -> None:
        """Let *batch* wait."""
        with self._lock:
            self._waiting.append(batch)

    def withdraw(self, batch: Waiting) -> bool:
        """Let *batch* wait no longer; tell whether it still did."""
        with self._lock:
            if batch not in self._waiting:
                return False
            self._waiting.remove(batch)
        return True

    def take(self) -> list[Waiting]:
        """Return what waits, the first first, as far as it makes a commit of good size.

        What nobody waits for any more is thrown away: late it would undo what was written since.
        """
        taken: list[Waiting] = []
        with self._lock:
            while self._waiting and sum(len(batch.orders) for batch in taken) < MOST:
                batch = self._waiting.popleft()
                if batch.awaited:
                    taken.append(batch)
        return taken

    def take_small(self, largest: int) -> list[Waiting]:
        """Return the batches of at most *largest* orders."""
        with self._lock:
            small = [batch for batch in self._waiting if len(batch.orders) <= largest]
            self._waiting = deque(b for b in self._waiting if len(b.orders) > largest)
        return small
