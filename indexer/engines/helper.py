"""A process that stays beside this one, and does a part of what comes when it is asked.

Starting one takes as long as a commit of a thousand articles: this one is there already. It ends
with its parent, or by any signal: where it is gone, who wanted its help does the work alone.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from indexer.engines.freed import give_all_back
from indexer.engines.processes import PATIENCE, Starter, check_parent

_IDLE = 60  # times PATIENCE, after which what was learnt is forgotten
_LONGEST = 20.0  # seconds in which nothing is taken or told: a batch takes one or two
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Helper(Generic[Batch, Result]):
    """Calls what *make* returns on each batch; made when the first comes, and anew after a pause.

    One thread at a time may use it, and ends whatever it has begun. Raises OSError where no
    process can be started.
    """

    def __init__(self, make: Callable[[], Callable[[Batch], Result]], starter: Starter) -> None:
        self._mine, its = starter.context.Pipe()
        with socket.socket(fileno=os.dup(self._mine.fileno())) as ours:
            # Who is stopped takes nothing, or tells half of it: the system gives up for us.
            limit = struct.pack("ll", int(_LONGEST), 0)
            for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
                ours.setsockopt(socket.SOL_SOCKET, way, limit)
        try:
            self._process = starter.start(_serve, make, its)
        except OSError:
            self._mine.close()
            raise
        finally:
            its.close()

    def begin(self, batch: Batch) -> bool:
        """Give it *batch*; tell whether it is there to take it. If so, `end` follows."""
        if self._mine.closed:
            return False
        try:
            self._mine.send(batch)
        except OSError:
            self._lose()
            return False
        except BaseException:  # half of it is on its way
            self.close()
            raise
        return True

    def end(self) -> Result | None:
        """Return what became of the batch, None where the process is gone; raise what it raised."""
        try:
            result = self._mine.recv()
        except (EOFError, OSError):
            result = None
        except BaseException:  # half of it is still to come
            self.close()
            raise
        if result is None:
            self._lose()
        if isinstance(result, Exception):
            raise result
        answer: Result | None = result
        return answer

    def _lose(self) -> None:
        _log.warning(
            "A helper is gone (%s): this process indexes its part, too.", self._process.pid
        )
        self.close()

    def close(self) -> None:
        """Let it end."""
        if not self._mine.closed:
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
                give_all_back()


def _done(work: Callable[[Any], object], batch: object) -> object:
    try:
        return work(batch)
    except Exception as error:
        return error
