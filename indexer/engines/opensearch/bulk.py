"""Many changes in one request, each looked at, and again what the cluster had no room for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from indexer.batches import by_size
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.connection import Connection, Packed, pauses, wait
from indexer.engines.opensearch.refusals import Conflict, Json, Unavailable, of_kind

MOST_BYTES = 4 << 20  # of one request, before it is compressed
MOST_ITEMS = 1_000
MOST_SMALL_ITEMS = 20_000
_ANSWERED = "items.*.status,items.*.result,items.*.error.type,items.*.error.reason"


@dataclass(frozen=True, slots=True)
class Item:
    """One change: its *action* (create, index, delete) with the conditions, and what is put."""

    action: str
    index: str
    id: str
    body: bytes | None = None
    conditions: Mapping[str, int] | None = None

    def lines(self) -> bytes:
        """Return it as lines of a bulk."""
        head = {self.action: {"_index": self.index, "_id": self.id, **(self.conditions or {})}}
        lines = json.dumps(head, ensure_ascii=False).encode() + b"\n"
        return lines if self.body is None else lines + self.body + b"\n"


class Parcel(Sequence[Item]):
    """Entries to be created, compressed as they travel, and the *forms* that may be new with them.

    They are unpacked only where one must be sent otherwise.
    """

    def __init__(self, index: str, ids: Sequence[str], forms: Sequence[str], packed: bytes) -> None:
        self._index = index
        self.ids = ids
        self.forms = forms
        self.packed = packed

    @classmethod
    def of(cls, items: Sequence[Item], forms: Sequence[str]) -> Parcel:
        """Pack *items*, all of one index."""
        return cls(items[0].index, [item.id for item in items], forms, _packed(items))

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        return self._items[place]

    @cached_property
    def _items(self) -> list[Item]:
        bodies = gzip.decompress(self.packed).split(b"\n")[1::2]
        return [
            Item("create", self._index, name, body)
            for name, body in zip(self.ids, bodies, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: the cluster's result (created, updated, deleted, not_found)."""

    result: str
    conflict: bool = False


def send(connection: Connection, items: Sequence[Item]) -> list[Done]:
    """Carry out *items*; a conflict is a result, anything else that fails is raised."""
    done: dict[int, Done] = {}
    waiting = list(range(len(items)))
    packed = items.packed if isinstance(items, Parcel) else _packed(items)
    for pause in pauses():
        refused: Unavailable | None = None
        again = []
        answers = _answers(connection, packed)
        for place, answer in zip(waiting, answers, strict=True):
            error = _error(connection, answer)
            if isinstance(error, Unavailable):
                refused = error
                again.append(place)
            elif isinstance(error, Conflict):
                done[place] = Done("conflict", conflict=True)
            elif error:
                raise error
            else:
                done[place] = Done(answer["result"])
        waiting = again
        if not refused:
            return [done[place] for place in range(len(items))]
        if pause is None:
            raise refused
        wait(pause)
        packed = _packed([items[place] for place in waiting])
    raise AssertionError


def chunks(items: Iterable[Item], most: int | None = None) -> Iterator[list[Item]]:
    """Cut *items* into as many as one request takes, *most* where they are small."""
    return by_size(items, lambda item: len(item.body or b""), MOST_BYTES, most or MOST_ITEMS)


def _packed(items: Iterable[Item]) -> bytes:
    return gzip.compress(b"".join(item.lines() for item in items), compresslevel=1, mtime=0)


def _answers(connection: Connection, packed: bytes) -> list[dict[str, Any]]:
    answer = connection.ask("POST", "/_bulk", Packed(packed), filter_path=_ANSWERED)
    return [its for each in answer["items"] for its in each.values()]


def _error(connection: Connection, answer: Json) -> Exception | None:
    if answer["status"] < 300 or (answer["status"] == 404 and "error" not in answer):
        return None
    error = answer["error"]
    kind, reason = str(error["type"]), str(error["reason"])
    found = of_kind(connection.address, answer["status"], kind, reason)
    return found if isinstance(found, EngineError | Conflict) else EngineError(reason)
