"""Orders that wait while the index is being written share the next commit.

    a thread per request   →  puts its orders in the queue, and waits for its turn
    whoever's turn it is   →  commits everything in the queue, for itself and the others
    the others             →  find their outcomes there

No thread of its own: nothing to start after a fork, and a stop waits for it as for any request.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice

from indexer.engines.contract import Engine, EngineError, IndexBusy, StoredArticle
from service.metrics import COMMIT_ARTICLES, COMMIT_SECONDS, COMMITS, REFUSED, WRITTEN, Metrics
from service.writing.orders import Order, Outcome, decide

PATIENCE = 5.0
"""Seconds to wait for other writers; less than a stop grants to answers under way."""

_MOST = 1_000  # orders to a commit


class _Batch:
    """Orders that came together, and in the end what became of them."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self.orders = orders
        self.outcomes: list[Outcome] = []
        self.error: BaseException | None = None
        self.done = False

    def finish(self, outcomes: list[Outcome]) -> None:
        self.outcomes, self.done = outcomes, True

    def fail(self, error: BaseException) -> None:
        self.error, self.done = error, True


class Writer:
    """Writes to *engine* what the threads of this process ask for; counts in *metrics*."""

    def __init__(self, engine: Engine, metrics: Metrics, patience: float = PATIENCE) -> None:
        self._engine = engine
        self._metrics = metrics
        self._patience = patience
        self._waiting: deque[_Batch] = deque()
        self._queue = threading.Lock()  # around what waits
        self._turn = threading.Lock()  # held by whoever commits

    def write(self, orders: Sequence[Order]) -> list[Outcome]:
        """Return what became of *orders*, durable and seen by every reader.

        Raise EngineError when nothing of them was written; IndexBusy when others write for long.
        """
        batch = _Batch(orders)
        until = time.monotonic() + self._patience
        with self._queue:
            self._waiting.append(batch)
        if not self._turn.acquire(timeout=self._patience):
            if self._withdrawn(batch):
                self._metrics.count(REFUSED, "index", len(orders))
                raise _busy(self._patience)
            self._turn.acquire()  # its commit is under way
        try:
            while not batch.done:
                self._commit(batch, max(0.0, until - time.monotonic()))
        finally:
            self._turn.release()
        if batch.error:
            self._metrics.count(REFUSED, "index", len(orders))
            raise batch.error
        for outcome in batch.outcomes:
            refused = outcome.result in REFUSED.values
            self._metrics.count(REFUSED if refused else WRITTEN, outcome.result)
        return batch.outcomes

    def _withdrawn(self, batch: _Batch) -> bool:
        with self._queue:
            if batch in self._waiting:
                self._waiting.remove(batch)
                return True
        return False

    def _commit(self, own: _Batch, patience: float) -> None:
        """Commit what waits, *own* sooner or later; where others write on, give up *own* alone."""
        group: list[_Batch] = []
        try:
            self._change(group, self._taken, patience)
        except BaseException as error:
            if not group:  # nothing was taken: the lock was not to be had
                self._withdrawn(own)
                group.append(own)
            if len(group) == 1 or isinstance(error, EngineError):
                for batch in group:
                    batch.fail(error)
            else:
                # What one order does to the engine is no reason to refuse the others.
                for batch in group:
                    self._commit_alone(batch)

    def _commit_alone(self, batch: _Batch) -> None:
        try:
            self._change([], lambda: [batch], self._patience)
        except BaseException as error:
            batch.fail(error)

    def _change(
        self, group: list[_Batch], gather: Callable[[], list[_Batch]], patience: float
    ) -> None:
        """Commit what *gather* brings once nobody else can write, and put it into *group*."""
        started = time.monotonic()
        outcomes: list[Outcome] = []

        def decided() -> dict[str, StoredArticle | None]:
            nonlocal started
            started = time.monotonic()
            group.extend(gather())
            now = datetime.now(UTC).isoformat(timespec="seconds")
            orders = [order for batch in group for order in batch.orders]
            found, change = decide(orders, self._engine.get, now)
            outcomes.extend(found)
            return change

        try:
            self._engine.change(decided, patience=patience)
        except BaseException:
            self._metrics.count(COMMITS, "failed")
            raise
        self._metrics.count(COMMITS, "done")
        self._metrics.measure(COMMIT_SECONDS, time.monotonic() - started)
        self._metrics.measure(COMMIT_ARTICLES, len(outcomes))
        coming = iter(outcomes)
        for batch in group:
            batch.finish(list(islice(coming, len(batch.orders))))

    def _taken(self) -> list[_Batch]:
        """Take what waits out of the queue, but not more than makes a commit of good size."""
        taken: list[_Batch] = []
        with self._queue:
            while self._waiting and sum(len(batch.orders) for batch in taken) < _MOST:
                taken.append(self._waiting.popleft())
        return taken


def _busy(seconds: float) -> IndexBusy:
    return IndexBusy(
        f"Others have been writing for {seconds:g} seconds. Nothing was written: try again."
    )
