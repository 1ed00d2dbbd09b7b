"""Orders that wait while the index is being written share the next commit.

In a worker they go to the committer, by a messenger. Where there is none:

    a thread per request   →  puts its orders in the queue, and waits for its turn
    whoever's turn it is   →  commits everything in the queue, for itself and the others
    the others             →  find their outcomes there

Processes do the same among themselves, by a shelf that they share. A worker has no thread for it:
nothing to start after a fork, and a stop waits for it as for any request.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice

from indexer.engines.contract import Engine, EngineError, IndexBusy, StoredArticle
from service.metrics import COMMIT_ARTICLES, COMMIT_SECONDS, COMMITS, REFUSED, WRITTEN, Metrics
from service.writing.batch import Batch, Queue, Waiting
from service.writing.messenger import Messenger
from service.writing.orders import Order, Outcome, decide
from service.writing.shelf import LARGEST, Shelf

PATIENCE = 5.0
"""Seconds to wait for other writers; less than a stop grants to answers under way."""

_SHORTEST = 0.1  # seconds to wait for other writers, however long the wait was before
_LOOK = 0.001  # seconds between looks at the shelf
_GATHERING = 0.5  # of the last commit's time, to wait for those that shared it
_LONGEST = 0.05  # seconds to wait for them at most


class Writer:
    """Writes to *engine* what the threads of this process ask for; counts in *metrics*."""

    def __init__(
        self,
        engine: Engine,
        metrics: Metrics,
        shelf: Shelf | None = None,
        patience: float = PATIENCE,
        messenger: Messenger | None = None,
    ) -> None:
        self._engine = engine
        self._metrics = metrics
        self._shelf = shelf
        self._patience = patience
        self._messenger = messenger
        self.queue = Queue()
        self._busy: IndexBusy | None = None  # what was said when the lock was last not to be had
        self._turn = threading.Lock()  # held by whoever commits, or waits for other processes

    def write(self, orders: Sequence[Order]) -> list[Outcome]:
        """Return what became of *orders*, durable and seen by every reader.

        Raise EngineError when nothing of them was written; IndexBusy when others write for long.
        """
        batch = Batch(orders)
        self.begin(batch)
        return self.end(batch)

    def prepare(self, batch: Batch) -> None:
        """Do of *batch* what can be done while another one is being written."""
        if self._messenger:
            self._messenger.prepare(batch)

    def begin(self, batch: Batch) -> None:
        """Begin to write *batch*; the same thread will `end` it, or `leave` it, before another."""
        batch.begun = bool(self._messenger and self._messenger.send(batch))

    def leave(self) -> None:
        """Wait no longer for what was begun, whatever becomes of it."""
        if self._messenger:
            self._messenger.hang_up()

    def end(self, batch: Batch) -> list[Outcome]:
        """Return what became of *batch*, as `write` does. Raise EngineError."""
        self._see_to(batch)
        while batch.uncertain and isinstance(batch.error, IndexBusy):
            # What a process that died has perhaps written nobody may say was not.
            batch.reset()
            self.begin(batch)
            self._see_to(batch)
        if batch.error:
            self._metrics.count(REFUSED, "index", len(batch.orders))
            raise batch.error
        for result, number in Counter(outcome.result for outcome in batch.outcomes).items():
            counter = REFUSED if result in REFUSED.values else WRITTEN
            self._metrics.count(counter, result, number)
        return batch.outcomes

    def _see_to(self, batch: Batch) -> None:
        while batch.begun and self._messenger:
            if self._messenger.await_answer(batch, self._patience):
                return
            batch.begun = self._messenger.send(batch)
        self._write_here(batch)

    def _write_here(self, batch: Batch) -> None:
        until = time.monotonic() + self._patience
        self.queue.add(batch)
        if self._turn.acquire(timeout=self._patience):
            try:
                self._lead(batch, until)
            finally:
                self._turn.release()
        elif self.queue.withdraw(batch):
            batch.fail(_busy(self._patience))
        else:  # its commit is under way, here or elsewhere
            with self._turn:
                self._lead(batch, until)

    def commit_waiting(self) -> int:
        """Commit what waits, for a process whose other threads do not; return how many batches."""
        group: list[Waiting] = []
        try:
            self._change(group, self._taken, self._patience)
        except BaseException as error:
            if not group and isinstance(error, IndexBusy):
                self._busy = error
                return 0
            self._fail(group or self._taken(), error)
        return len(group)

    def busy(self) -> IndexBusy:
        """Return why what waits is not written."""
        return self._busy or _busy(self._patience)

    def _lead(self, own: Batch, until: float) -> None:
        """Commit what waits until *own* is done, or see to it that another process does."""
        while not self._done(own):
            with self._among_processes() as mine:
                if mine:
                    self._commit(own, max(_SHORTEST, until - time.monotonic()))
            if not mine:
                if time.monotonic() >= until and self._withdrawn(own):
                    own.fail(_busy(self._patience))
                time.sleep(_LOOK)

    def _done(self, own: Batch) -> bool:
        if self._shelf and not own.done:
            self._shelf.look()
        return own.done

    @contextmanager
    def _among_processes(self) -> Iterator[bool]:
        if self._shelf is None:
            yield True
            return
        with self._shelf.turn() as mine:
            if mine:
                self._gather(self._shelf)
            else:
                self._hand_in(self._shelf)
            yield mine

    def _hand_in(self, shelf: Shelf) -> None:
        for batch in self.queue.take_small(LARGEST):
            try:
                shelf.hand_in(batch)
            except OSError:  # no room: it waits here
                self.queue.add(batch)

    def _gather(self, shelf: Shelf) -> None:
        """Wait a little for those that shared the last commit: they were answered just now."""
        batches, seconds = shelf.last
        until = time.monotonic() + min(_GATHERING * seconds, _LONGEST)
        while batches > 1 and len(self.queue) + shelf.waiting() < batches:
            if time.monotonic() >= until:
                break
            time.sleep(_LOOK)

    def _withdrawn(self, batch: Batch) -> bool:
        on_shelf = self._shelf is not None and self._shelf.withdraw(batch)
        return on_shelf or self.queue.withdraw(batch)

    def _commit(self, own: Batch, patience: float) -> None:
        """Commit what waits, *own* sooner or later; where others write on, give up *own* alone."""
        group: list[Waiting] = []
        try:
            self._change(group, self._taken, patience)
        except BaseException as error:
            # Nothing was taken: the lock was not to be had. What a dead process had taken and
            # perhaps carried out cannot be withdrawn: nobody may say yet that it was not written.
            if not group and (self._withdrawn(own) or not isinstance(error, IndexBusy)):
                group.append(own)
            self._fail(group, error)

    def _fail(self, group: list[Waiting], error: BaseException) -> None:
        for batch in group:
            if len(group) == 1 or isinstance(error, EngineError):
                batch.fail(error)
            else:
                # What one order does to the engine is no reason to refuse the others.
                self._commit_alone(batch)

    def _commit_alone(self, batch: Waiting) -> None:
        try:
            self._change([], lambda: [batch], self._patience)
        except BaseException as error:
            batch.fail(error)

    def _change(
        self,
        group: list[Waiting],
        gather: Callable[[], list[Waiting]],
        patience: float,
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
            held = self._engine.get_all({order.id for order in orders})
            found, change = decide(orders, held.get, now)
            outcomes.extend(found)
            return change

        try:
            self._engine.change(decided, patience=patience)
        except BaseException:
            self._metrics.count(COMMITS, "failed")
            raise
        self._busy = None
        seconds = time.monotonic() - started
        if outcomes:
            self._metrics.count(COMMITS, "done")
            self._metrics.measure(COMMIT_SECONDS, seconds)
            self._metrics.measure(COMMIT_ARTICLES, len(outcomes))
        coming = iter(outcomes)
        for batch in group:
            batch.finish(list(islice(coming, len(batch.orders))))
        if self._shelf:
            self._shelf.last = (len(group), seconds)

    def _taken(self) -> list[Waiting]:
        handed = self._shelf.collect() if self._shelf else []
        return [*handed, *self.queue.take()]


def _busy(seconds: float) -> IndexBusy:
    return IndexBusy(
        f"Others have been writing for {seconds:g} seconds. Nothing was written: try again."
    )
