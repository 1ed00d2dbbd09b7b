"""The right to write, which one program has at a time and keeps by signs of life."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress

from indexer.engines.contract import EngineError
from indexer.engines.opensearch.entries import Entries
from indexer.engines.opensearch.refusals import Conflict, Json

HEARTBEAT = 2.0  # seconds between signs of life of who writes
LIFE = 8.0  # seconds without one, after which another may write


class Turn:
    """The right to write, kept alive until it ends.

    Its *token* is the name of the write. *left* are writes of others, or in the end its own, that
    were neither finished nor taken back: whoever has the right next does that first.
    """

    def __init__(self, entries: Entries, token: str, left: Sequence[str]) -> None:
        self.token = token
        self.left = left
        self._entries = entries
        self._who = f"Process {os.getpid()} on {socket.gethostname()}"
        self._over = threading.Event()
        self._lost: Exception | None = None
        self._beating: threading.Thread | None = None

    def begin(self, seen: Json) -> bool:
        """Take the right, unless somebody else is quicker."""
        try:
            self._put(self.token, seen)
        except Conflict:
            if self._entries.get("writer").get("_source", {}).get("holder") != self.token:
                return False
        self._beating = threading.Thread(target=self._beat, daemon=True)
        self._beating.start()
        return True

    def check(self) -> None:
        """Raise EngineError where the right was lost."""
        if self._lost:
            raise EngineError(
                "Another program began to write, since this one gave no sign of life for "
                f"{LIFE:g} seconds ({self._lost}): see why, and write again."
            )

    @property
    def lost(self) -> bool:
        """Whether another has the right by now: it takes back what this one has done."""
        return self._lost is not None

    def end(self) -> None:
        """Give the right back."""
        self._over.set()
        if self._beating:
            self._beating.join()
        with suppress(Conflict, EngineError):  # without a sign of life it is free after a while
            if seen := self._mine():
                self._put("", seen)

    def _beat(self) -> None:
        late = time.monotonic() + LIFE
        while not self._over.wait(HEARTBEAT):
            try:
                seen = self._mine()
                if not seen:
                    raise Conflict("somebody else holds the right")
                self._put(self.token, seen)
                late = time.monotonic() + LIFE
            except Conflict as error:
                self._lost = error
                return
            except EngineError as error:
                if time.monotonic() > late:
                    self._lost = error
                    return

    def _mine(self) -> Json | None:
        seen = self._entries.get("writer")
        return seen if seen.get("_source", {}).get("holder") == self.token else None

    def _put(self, holder: str, seen: Json) -> None:
        beat = str(uuid.uuid4())
        source = {"holder": holder, "who": self._who, "beat": beat, "left": list(self.left)}
        self._entries.put("writer", source, seen)
