"""What all programs that share an index agree on: the last commit, and who may write.

Both are entries of an index of their own, changed only by who has seen them as they are: the
cluster has no transactions, but it refuses to replace what has changed in between.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from indexer.engines.contract import IndexBusy, IndexOutdated
from indexer.engines.opensearch import builds, turns
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.entries import Entries
from indexer.engines.opensearch.journal import Journal
from indexer.engines.opensearch.mapping import FORMAT
from indexer.engines.opensearch.refusals import Json, missing
from indexer.engines.opensearch.turns import Turn
from indexer.italian import CHAIN

PATIENCE = 10.0
_DELAY = 0.05


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit."""

    generation: int
    at: str | None
    format: int
    chain: int
    write: str = ""  # the last one that was decided on, which may yet have to be shown


class Control:
    """The entries that tell what was committed and who writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._entries = Entries(connection)
        self._own = threading.Lock()  # threads of one program need not ask the cluster in turn

    def make(self) -> None:
        """Make the index of these entries unless it is there."""
        self._entries.make()

    def commit(self) -> Commit:
        """Return the last commit; raise IndexOutdated where other rules made the index."""
        found = self._entries.get("commit")
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
        found = self._entries.get("commit")
        before = found["_source"]["generation"] if found.get("found") else -1
        commit = {
            "generation": before + 1,
            "at": _now(),
            "format": FORMAT,
            "chain": CHAIN,
            "write": found["_source"].get("write", "") if found.get("found") else "",
        }
        self._entries.put("commit", commit, None)

    def decide(self, write: str) -> None:
        """Let *write* be done, whatever becomes of who did it; only for who holds `writing`."""
        commit = self._entries.get("commit")["_source"]
        self._entries.put("commit", {**commit, "write": write}, None)

    def take_back(self, turn: Turn, journal: Journal) -> None:
        """Undo what was done in this *turn*, decided on or not."""
        if self._entries.get("commit")["_source"].get("write") == turn.token:
            self.decide("")
        journal.take_back()

    def journal(self, write: str) -> Journal:
        """Return the notes of a *write*."""
        return Journal(self._connection, self._entries.index, write)

    def own_journal(self, turn: Turn) -> Journal:
        """Return the notes, none yet, of the write in this *turn*."""
        return Journal(self._connection, self._entries.index, turn.token, own=True)

    def previous(self) -> Json:
        """Return what `keep` was told, empty where nothing is kept."""
        found = self._entries.get("previous")
        return found["_source"] if found.get("found") else {}

    def keep(self, previous: Json | None) -> None:
        """Remember which index was there before; only for who holds `writing`."""
        self._entries.put("previous", previous or {}, None)

    def clear(self) -> None:
        """Forget that there ever was a commit; only for who holds `writing`."""
        self._entries.remove("commit")

    @contextmanager
    def writing(self, patience: float) -> Iterator[Turn]:
        """Hold the right to write; raise IndexBusy where another does for *patience* seconds."""
        until = time.monotonic() + patience
        if not self._own.acquire(timeout=max(0.0, patience)):
            raise self._busy("Another thread of this program", patience)
        try:
            turn = self._taken(until, patience)
            try:
                for write in turn.left:
                    self._settle(write)
                turn.left = ()
                yield turn
            finally:
                turn.end()
        finally:
            self._own.release()

    def _taken(self, until: float, patience: float) -> Turn:
        seen: Any = None
        since = time.monotonic()
        while True:
            found = self._entries.get("writer")
            held = found.get("found") and found["_source"]["holder"]
            if held and found["_seq_no"] != seen:
                seen, since = found["_seq_no"], time.monotonic()
            gone = held and time.monotonic() - since > turns.LIFE
            if not held or gone:
                left = found["_source"].get("left", []) if found.get("found") else []
                turn = Turn(self._entries, uuid.uuid4().hex, (*left, held) if held else left)
                if turn.begin(found):
                    return turn
            if time.monotonic() >= until:
                raise self._busy(found["_source"].get("who") or "Another program", patience)
            time.sleep(_DELAY)

    def _settle(self, write: str) -> None:
        """Finish a *write* that was left halfway, or take it back."""
        journal = self.journal(write)
        commit = self._entries.get("commit").get("_source", {})
        if commit.get("write") != write:
            journal.take_back()
            return
        index = builds.current(self._connection)
        for each in (builds.forms(index), index):
            builds.refresh(self._connection, each)
        # Whichever version wrote it: what its rules were stays.
        now = {"generation": commit["generation"] + 1, "at": _now()}
        self._entries.put("commit", {**commit, **now}, None)
        journal.forget()

    def _busy(self, who: str, patience: float) -> IndexBusy:
        return IndexBusy(
            f"{who} has been writing to {self._connection.address} for {patience:g} seconds: let "
            "it end, or stop it, and try again."
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
