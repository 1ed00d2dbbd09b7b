"""One change to an index, sent in parts, seen at once, and taken back where it fails.

    before-images kept here → entries sent → refresh: everybody sees all of it → counted as a commit

Nothing that is sent is seen before the refresh. Each entry names the write that put it there, so
that what was sent twice is known, and what failed halfway is found again.
"""

from __future__ import annotations

import json
import tempfile
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import IO, Any, TypeVar

from indexer.engines.contract import EngineError, Written
from indexer.engines.opensearch import builds, bulk, sending
from indexer.engines.opensearch.bulk import Item, Parcel
from indexer.engines.opensearch.connection import Connection, path_of, pauses, wait
from indexer.engines.opensearch.control import Control, Turn
from indexer.engines.opensearch.entry import KEPT, entry, key
from indexer.engines.opensearch.lexicon import Known
from indexer.engines.opensearch.parcels import parcels
from indexer.engines.opensearch.refusals import Json, Unavailable

_IN_MEMORY = 16 << 20  # bytes
_REQUESTS = 4  # under way at once
_AT_ONCE = 500
_ROUNDS = 4

One = TypeVar("One")


class Change:
    """What is being done to *index* by whoever has the *turn* to write."""

    def __init__(
        self, connection: Connection, control: Control, turn: Turn, index: str, known: Known
    ) -> None:
        self._connection = connection
        self._control = control
        self._turn = turn
        self._index = index
        self._known = known
        self._shown = False
        self._write = uuid.uuid4().hex
        self._before: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._remembering = threading.Lock()

    def put(self, lines: Iterable[bytes], jobs: int = 1) -> Written:
        """Put the articles in *lines*, no two of one id, in the place of those with their ids."""
        added = replaced = 0
        try:
            with closing(parcels(lines, self._index, self._write, jobs)) as made:
                for done in sending.each(self._put, made, _REQUESTS):
                    added += done.added
                    replaced += done.replaced
        except BaseException:
            self._known.forget()
            raise
        return Written(added, replaced)

    def delete(self, ids: Iterable[str]) -> int:
        """Remove the articles with these *ids*; return how many there were."""
        gone = 0
        for some in _some(dict.fromkeys(map(key, ids))):
            self._turn.check()
            found = self._found(some)
            self._remember((its, each["_source"]) for its, each in found.items())
            items = [
                Item("delete", self._index, its, conditions=_unchanged(each))
                for its, each in found.items()
            ]
            if items:
                bulk.send(self._connection, items)
            gone += len(items)
        return gone

    def commit(self) -> None:
        """Let everybody see the change, and count it."""
        self._turn.check()
        refresh(self._connection, builds.forms(self._index))
        self._shown = True
        refresh(self._connection, self._index)
        self._control.committed()

    def undo(self) -> None:
        """Put back what there was."""
        self._before.seek(0)
        for some in _some(map(json.loads, self._before)):
            found = self._found([its for its, _ in some])
            items = []
            for its, before in some:
                there = found.get(its)
                ours = there is not None and there["_source"]["write"] == self._write
                if before is None and ours:
                    items.append(Item("delete", self._index, its))
                elif before is not None and (ours or there is None):
                    kept = {name: before[name] for name in KEPT if name in before}
                    body = _encoded(entry(kept, before["write"]).fields)
                    items.append(Item("index", self._index, its, body))
            if items:
                bulk.send(self._connection, items)
        if self._shown:
            refresh(self._connection, self._index)

    def close(self) -> None:
        """Let go of what was kept for `undo`."""
        self._before.close()

    def _put(self, items: Parcel) -> Written:
        self._turn.check()
        self._learn(items.forms)
        self._remember((its, None) for its in items.ids)
        created = bulk.send(self._connection, items)
        waiting = {
            item.id: item for item, done in zip(items, created, strict=True) if done.conflict
        }
        added, replaced = len(items) - len(waiting), 0
        for _ in range(_ROUNDS):
            if not waiting:
                return Written(added, replaced)
            found = self._found(list(waiting))
            # What this very write has put there was sent twice.
            ours = [its for its, each in found.items() if each["_source"]["write"] == self._write]
            for its in ours:
                if waiting.pop(its).action == "create":
                    added += 1
                else:
                    replaced += 1
            self._remember((its, found[its]["_source"]) for its in waiting if its in found)
            sent = [
                Item("index", self._index, its, item.body, _unchanged(found[its]))
                if its in found
                else Item("create", self._index, its, item.body)
                for its, item in waiting.items()
            ]
            done = bulk.send(self._connection, sent) if sent else []
            waiting = {}
            for item, result in zip(sent, done, strict=True):
                if result.conflict:
                    waiting[item.id] = item
                elif item.action == "create":
                    added += 1
                else:
                    replaced += 1
        raise EngineError(
            f"Another program writes to {self._connection.address} without asking for its turn: "
            "let only Ritaglio write there."
        )

    def _learn(self, forms: Iterable[str]) -> None:
        """Put the forms that are new into the lexicon; they are seen before their articles are."""
        lexicon = builds.forms(self._index)
        items = (
            Item("create", lexicon, key(form), _encoded({"form": form}))
            for form in self._known.take(self._index, forms)
        )
        for chunk in bulk.chunks(items, bulk.MOST_SMALL_ITEMS):
            bulk.send(self._connection, chunk)

    def _found(self, ids: Sequence[str]) -> dict[str, Json]:
        answer = self._connection.ask(
            "POST",
            path_of(self._index, "_mget"),
            {"ids": list(ids)},
            _source_includes=",".join((*KEPT, "write")),
        )
        return {each["_id"]: each for each in answer["docs"] if each.get("found")}

    def _remember(self, before: Iterable[tuple[str, Json | None]]) -> None:
        with self._remembering:
            for each in before:
                self._before.write(json.dumps(each).encode() + b"\n")


def refresh(connection: Connection, index: str) -> None:
    """Let everybody see what was written to *index*."""
    for pause in pauses():
        if not connection.ask("POST", path_of(index, "_refresh"))["_shards"]["failed"]:
            return
        if pause is not None:
            wait(pause)
    raise Unavailable(
        f"Some shards of {connection.address} could not show what was written: see "
        "GET /_cluster/health."
    )


def _unchanged(found: Json) -> Mapping[str, int]:
    return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}


def _encoded(source: Mapping[str, Any]) -> bytes:
    return json.dumps(source, ensure_ascii=False).encode()


def _some(many: Iterable[One]) -> Iterator[list[One]]:
    rest = iter(many)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
