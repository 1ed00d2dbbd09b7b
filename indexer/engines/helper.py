"""A process that stays beside this one, and does a part of what comes when it is asked.

Starting one takes as long as a commit of a thousand articles: this one is there already. It ends
with its parent, or by any signal: where it is gone, who wanted its help does the work alone.
"""

from __future__ import annotations

import ctypes
import gc
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from indexer.engines.processes import PATIENCE, Starter, check_parent

_IDLE = 60  # times PATIENCE, after which what was learnt is forgotten
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Helper(Generic[Batch, Result]):
    """Calls what *make* returns on each batch; made when the first comes, and anew after a pause.

    One thread at a time may use it.
    """

    def __init__(self, make: Callable[[], Callable[[Batch], Result]], starter: Starter) -> None:
        self._mine, its = starter.context.Pipe()
        self._process = starter.start(_serve, make, its)
        self._owes = False
        its.close()

    def begin(self, batch: Batch) -> bool:
        """Give it *batch*; tell whether it is there to take it.

        What became of one before it that nobody asked for is thrown away.
        """
        if self._owes:
            with suppress(Exception):
                self.end()
        try:
            self._mine.send(batch)
        except OSError:
            return False
        self._owes = True
        return True

    def end(self) -> Result | None:
        """Return what became of the batch, None where the process is gone; raise what it raised."""
        self._owes = False
        try:
            result: Result | Exception = self._mine.recv()
        except (EOFError, OSError):
            return None
        if isinstance(result, Exception):
            raise result
        return result

    def close(self) -> None:
        """Let it end."""
        self._mine.close()
        self._process.kill()
        self._process.join()


def _serve(parent: int, make: Callable[[], Callable[[Any], object]], its: Connection) -> None:
    for end in _ENDS:  # what its parent does about them is none of its business
        signal.signal(end, signal.SIG_DFL)
    gc.freeze()  # what was its parent's stays, and stays shared
    work: Callable[[Any], object] | None = None
    idle = 0
    with suppress(EOFError, ConnectionError):  # nobody is left to help
        while True:
            if its.poll(PATIENCE):
                work = work or make()
                its.send(_done(work, its.recv()))
                idle = 0
                continue
            check_parent(parent)
            idle += 1
            if idle == _IDLE:
                work = None
                _return_memory()


def _return_memory() -> None:
    with suppress(AttributeError, OSError):  # as glibc does where it is asked to
        ctypes.CDLL(None).malloc_trim(0)


def _done(work: Callable[[Any], object], batch: object) -> object:
    try:
        return work(batch)
    except Exception as error:
        return error
