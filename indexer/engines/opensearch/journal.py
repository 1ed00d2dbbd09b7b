"""What a write changes, noted in the cluster before it is sent: so it can be taken back by anybody.

    ids and what was there before → noted, on disk → sent
    the writer fails, or is killed → the notes are followed backwards, by it or by the next writer

Of what is new the id alone is noted, of what is replaced or deleted the whole article.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence

from indexer.batches import by_size
from indexer.engines.opensearch import builds, bulk
from indexer.engines.opensearch.bulk import Item
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.entry import KEPT, entry
from indexer.engines.opensearch.refusals import Json
from indexer.engines.opensearch.several import several

MOST_BYTES = 4 << 20  # of a note
_GROUP = 16  # notes looked for at once; more than are ever written at once

Before = tuple[str, Json | None]
"""The key of an entry, and what the index held of it."""


class Journal:
    """The notes of one *write*, in the index of *control* entries."""

    def __init__(
        self, connection: Connection, control: str, write: str, *, own: bool = False
    ) -> None:
        self._own = own
        self._connection = connection
        self._control = control
        self._write = write
        self._notes = 0
        self._noting = threading.Lock()

    def __bool__(self) -> bool:
        """Tell whether there may be notes."""
        return self._notes > 0 or not self._own

    def note(self, index: str, before: Iterable[Before]) -> None:
        """Note what *index* held *before*; it is on disk when this returns."""
        noted = (json.dumps(each, ensure_ascii=False) for each in before)
        for lines in by_size(noted, len, MOST_BYTES):
            with self._noting:
                number = self._notes
                self._notes += 1
            note = {"index": index, "before": "\n".join(lines)}
            item = Item("index", self._control, self._name(number), json.dumps(note).encode())
            bulk.send(self._connection, [item])

    def take_back(self) -> None:
        """Put back what there was before, and let everybody see that."""
        if not self:
            return
        touched = set()
        for note in self._noted():
            touched.add(note["index"])
            self._restore(note["index"], [json.loads(line) for line in note["before"].split("\n")])
        for index in touched:
            builds.refresh(self._connection, index)
        self.forget()

    def forget(self) -> None:
        """Remove the notes."""
        number = self._notes if self._own else _GROUP * len(list(self._groups()))
        names = map(self._name, range(number))
        for chunk in bulk.chunks(Item("delete", self._control, name) for name in names):
            bulk.send(self._connection, chunk)
        self._notes = 0

    def _name(self, number: int) -> str:
        return f"undo-{self._write}-{number}"

    def _noted(self) -> Iterator[Json]:
        for group in self._groups():
            yield from group

    def _groups(self) -> Iterator[list[Json]]:
        """Yield the notes. How many there are of a writer that was killed, nobody knows."""
        first = 0
        while True:
            names = [self._name(first + place) for place in range(_GROUP)]
            found = several(self._connection, self._control, names)
            group = [each["_source"] for each in found]
            if not group:
                return
            yield group
            first += _GROUP

    def _restore(self, index: str, before: Sequence[Before]) -> None:
        found = builds.kept(self._connection, index, [its for its, _ in before])
        items = []
        for its, old in before:
            there = found.get(its)
            ours = there is not None and there["_source"]["write"] == self._write
            if old is None and ours:
                items.append(Item("delete", index, its))
            elif old is not None and (ours or there is None):
                kept = {name: old[name] for name in KEPT if name in old}
                body = json.dumps(entry(kept, old["write"]).fields, ensure_ascii=False)
                items.append(Item("index", index, its, body.encode()))
        for chunk in bulk.chunks(items):
            bulk.send(self._connection, chunk)
