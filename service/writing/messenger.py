"""How a worker has its orders carried out by the process that commits for all of them."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path
from typing import Any

from service.writing.batch import Batch
from service.writing.wire import DOOR, ORDERS, WITHDRAW, Frames, frame


class Messenger:
    """Speaks to the committer at *folder*; each thread by a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self._door = str(folder / DOOR)
        self._mine = threading.local()

    def prepare(self, batch: Batch) -> None:
        """Do of `send` what can be done before it."""
        batch.frame = _frame(batch)

    def send(self, batch: Batch) -> bool:
        """Send *batch* to be carried out; tell whether there is who does. `await_answer` follows.

        A thread sends no other batch before that.
        """
        try:
            line = getattr(self._mine, "line", None)
            if line is None:
                line = self._mine.line = _Line(self._door)
            prepared, batch.frame = batch.frame, None
            line.send(prepared or _frame(batch))
        except OSError:
            self.hang_up()
            return False
        return True

    def await_answer(self, batch: Batch, patience: float) -> bool:
        """Wait for what becomes of *batch*, *patience* seconds before it is withdrawn if it can be.

        Tell whether that is known: not where the committer died.
        """
        line: _Line = self._mine.line
        try:
            answer = line.hear(patience)
            if answer is None:
                line.send(frame(WITHDRAW, id(batch)))
                answer = line.hear()
            name, outcomes, error = answer
            if name != id(batch):
                raise ConnectionError("an answer to something else")
        except OSError:
            self.hang_up()
            batch.uncertain = True
            return False
        if error is None:
            batch.finish(outcomes)
        else:
            batch.fail(error)
        return True

    def hang_up(self) -> None:
        """Wait for no answer any more."""
        self._mine.line = None


class _Line:
    """A connection; it ends when nobody holds it any longer, with its thread too."""

    def __init__(self, door: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(door)
        self._frames = Frames(self._socket)
        self._seconds: float | None = None

    def send(self, said: bytearray) -> None:
        self._socket.sendall(said)

    def hear(self, seconds: float | None = None) -> Any:
        """Return the next answer; None where *seconds* pass without a word."""
        if seconds != self._seconds:
            self._seconds = seconds
            # The system takes 0 for no limit.
            micros = 0 if seconds is None else max(1, round(seconds * 1_000_000))
            limit = struct.pack("ll", *divmod(micros, 1_000_000))
            # The system's own: with Python's each answer would take one call more, and a search
            # may go on at every one of them.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        try:
            while self._frames.receive():
                for _, answer in self._frames.whole():
                    return answer
        except BlockingIOError:
            return None
        raise ConnectionError("the committer is gone")

    def __del__(self) -> None:
        self._socket.close()


def _frame(batch: Batch) -> bytearray:
    return frame(ORDERS, (id(batch), tuple(batch.orders)))
