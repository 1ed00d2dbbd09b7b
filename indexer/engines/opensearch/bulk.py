"""Many changes in one request, each looked at, and again what the cluster had no room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.engines.contract import EngineError
from indexer.engines.opensearch.connection import Connection, pauses, wait
from indexer.engines.opensearch.refusals import Conflict, Json, Unavailable, of_kind

MOST_BYTES = 8 << 20  # of one request
MOST_ITEMS = 1_000
MOST_SMALL_ITEMS = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """One change: its *action* (create, index, delete) with the conditions, and what is put."""

    action: str
    index: str
    id: str
    body: bytes | None = None
    conditions: Mapping[str, int] | None = None

    def lines(self) -> Iterator[object]:
        """Return it as lines of a bulk."""
        yield {self.action: {"_index": self.index, "_id": self.id, **(self.conditions or {})}}
        if self.body is not None:
            yield self.body


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: the cluster's result (created, updated, deleted, not_found)."""

    result: str
    conflict: bool = False


def send(connection: Connection, items: Sequence[Item]) -> list[Done]:
    """Carry out *items*; a conflict is a result, anything else that fails is raised."""
    done: dict[int, Done] = {}
    waiting = list(range(len(items)))
    for pause in pauses():
        refused: Unavailable | None = None
        again = []
        answers = _answers(connection, [items[place] for place in waiting])
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
    raise AssertionError


def chunks(items: Iterable[Item], most: int | None = None) -> Iterator[list[Item]]:
    """Cut *items* into as many as one request takes, *most* where they are small."""
    most = most or MOST_ITEMS
    chunk: list[Item] = []
    size = 0
    for item in items:
        more = len(item.body or b"")
        if chunk and (len(chunk) == most or size + more > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += more
    if chunk:
        yield chunk


def _answers(connection: Connection, items: Sequence[Item]) -> list[dict[str, Any]]:
    lines = (line for item in items for line in item.lines())
    answer = connection.lines("/_bulk", lines)
    return [its for each in answer["items"] for its in each.values()]


def _error(connection: Connection, answer: Json) -> Exception | None:
    if answer["status"] < 300 or (answer["status"] == 404 and "error" not in answer):
        return None
    error = answer["error"]
    kind, reason = str(error["type"]), str(error["reason"])
    found = of_kind(connection.address, answer["status"], kind, reason)
    return found if isinstance(found, EngineError | Conflict) else EngineError(reason)
