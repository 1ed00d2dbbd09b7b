"""What all programs that share an index agree on: the last commit, and who may write.

Both are entries of an index of their own, changed only by who has seen them as they are: the
cluster has no transactions, but it refuses to replace what has changed in between.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from indexer.engines.contract import EngineError, IndexBusy, IndexOutdated
from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.mapping import CONTROL, FORMAT, settings
from indexer.engines.opensearch.refusals import Conflict, Json, missing
from indexer.italian import CHAIN

HEARTBEAT = 2.0  # seconds between signs of life of who writes
LIFE = 8.0  # seconds without one, after which another may write
PATIENCE = 10.0
_DELAY = 0.05


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit."""

    generation: int
    at: str | None
    format: int
    chain: int


class Control:
    """The entries that tell what was committed and who writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index = f"{connection.address.name}-control"
        self._own = threading.Lock()  # threads of one program need not ask the cluster in turn

    def make(self) -> None:
        """Make the index of these entries unless it is there."""
        body = {"settings": settings(self._connection.address, 1), "mappings": CONTROL}
        self._connection.ask("PUT", path_of(self._index), body, expected=(400,))

    def commit(self) -> Commit:
        """Return the last commit; raise IndexOutdated where other rules made the index."""
        found = self._get("commit")
        if not found.get("found"):
            raise missing(self._connection.address)
        commit = Commit(**found["_source"])
        self.check(commit.format, commit.chain)
        return commit

    def check(self, format: int | None, chain: int | None) -> None:
        """Raise IndexOutdated unless this format and this Italian chain are ours."""
        if (format, chain) != (FORMAT, CHAIN):
            address = self._connection.address
            raise IndexOutdated(
                f"The index at {address} was built by another version of Ritaglio (format "
                f"{format}, chain {chain}; this one needs format {FORMAT}, chain {CHAIN}): "
                f"python -m indexer rebuild --index '{address}' builds it anew from the articles "
                "it holds."
            )

    def committed(self) -> None:
        """Count one commit more; only for who holds `writing`."""
        found = self._get("commit")
        before = found["_source"]["generation"] if found.get("found") else -1
        commit = {
            "generation": before + 1,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "format": FORMAT,
            "chain": CHAIN,
        }
        self._put("commit", commit, None)

    def previous(self) -> Json:
        """Return what `keep` was told, empty where nothing is kept."""
        found = self._get("previous")
        return found["_source"] if found.get("found") else {}

    def keep(self, previous: Json | None) -> None:
        """Remember which index was there before; only for who holds `writing`."""
        self._put("previous", previous or {}, None)

    def clear(self) -> None:
        """Forget that there ever was a commit; only for who holds `writing`."""
        self._connection.ask("DELETE", path_of(self._index, "_doc", "commit"), expected=(404,))

    @contextmanager
    def writing(self, patience: float) -> Iterator[Turn]:
        """Hold the right to write; raise IndexBusy where another does for *patience* seconds."""
        until = time.monotonic() + patience
        if not self._own.acquire(timeout=max(0.0, patience)):
            raise self._busy("Another thread of this program", patience)
        try:
            turn = self._taken(until, patience)
            try:
                yield turn
            finally:
                turn.end()
        finally:
            self._own.release()

    def _taken(self, until: float, patience: float) -> Turn:
        seen: Any = None
        since = time.monotonic()
        while True:
            found = self._get("writer")
            held = found.get("found") and found["_source"]["holder"]
            if held and found["_seq_no"] != seen:
                seen, since = found["_seq_no"], time.monotonic()
            gone = held and time.monotonic() - since > LIFE
            if not held or gone:
                turn = Turn(self, str(uuid.uuid4()), inherited=bool(gone))
                if turn.begin(found):
                    return turn
            if time.monotonic() >= until:
                raise self._busy(found["_source"].get("who") or "Another program", patience)
            time.sleep(_DELAY)

    def _busy(self, who: str, patience: float) -> IndexBusy:
        return IndexBusy(
            f"{who} has been writing to {self._connection.address} for {patience:g} seconds: let "
            "it end, or stop it, and try again."
        )

    def _get(self, name: str) -> Json:
        return self._connection.ask("GET", path_of(self._index, "_doc", name), expected=(404,))

    def _put(self, name: str, source: Json, seen: Json | None) -> Json:
        """Write an entry; raise Conflict unless it still is as *seen*."""
        if seen is None:
            condition: dict[str, object] = {}
        elif seen.get("found"):
            condition = {"if_seq_no": seen["_seq_no"], "if_primary_term": seen["_primary_term"]}
        else:
            condition = {"op_type": "create"}
        path = path_of(self._index, "_doc", name)
        return self._connection.ask("PUT", path, source, **condition)  # type: ignore[arg-type]


class Turn:
    """The right to write, kept alive until it ends.

    *inherited*: whoever had it before did not give it back; what it sent may be there in part.
    """

    def __init__(self, control: Control, token: str, *, inherited: bool) -> None:
        self.inherited = inherited
        self._control = control
        self._token = token
        self._who = f"Process {os.getpid()} on {socket.gethostname()}"
        self._over = threading.Event()
        self._lost: Exception | None = None
        self._beating: threading.Thread | None = None

    def begin(self, seen: Json) -> bool:
        """Take the right, unless somebody else is quicker."""
        try:
            self._put(self._token, seen)
        except Conflict:
            if self._control._get("writer").get("_source", {}).get("holder") != self._token:
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
                self._put(self._token, seen)
                late = time.monotonic() + LIFE
            except Conflict as error:
                self._lost = error
                return
            except EngineError as error:
                if time.monotonic() > late:
                    self._lost = error
                    return

    def _mine(self) -> Json | None:
        seen = self._control._get("writer")
        return seen if seen.get("_source", {}).get("holder") == self._token else None

    def _put(self, holder: str, seen: Json) -> None:
        source = {"holder": holder, "who": self._who, "beat": str(uuid.uuid4())}
        self._control._put("writer", source, seen)
