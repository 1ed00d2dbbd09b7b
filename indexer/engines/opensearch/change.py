"""One change to an index: noted, sent in parts, decided, seen at once.

    before-images noted in the cluster → entries sent → decided → refresh → counted as a commit

Nothing that is sent is seen before the refresh. Each entry names the write that put it there, so
that what was sent twice is known, and what failed halfway is found again (journal.py).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from indexer.batches import by_number
from indexer.engines.contract import EngineError, Written
from indexer.engines.opensearch import builds, bulk, sending
from indexer.engines.opensearch.bulk import Item, Parcel
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.control import Control
from indexer.engines.opensearch.entry import key
from indexer.engines.opensearch.journal import Journal
from indexer.engines.opensearch.lexicon import Known
from indexer.engines.opensearch.parcels import parcels
from indexer.engines.opensearch.refusals import Json
from indexer.engines.opensearch.turns import Turn

_REQUESTS = 4  # under way at once
_AT_ONCE = 500
_ROUNDS = 4


class Change:
    """What is being done to *index* by whoever has the *turn* to write.

    Without a *journal* it cannot be taken back: nobody asks that index yet.
    """

    def __init__(
        self,
        connection: Connection,
        control: Control,
        turn: Turn,
        index: str,
        known: Known,
        journal: Journal | None,
    ) -> None:
        self._connection = connection
        self._control = control
        self._turn = turn
        self._index = index
        self._known = known
        self._journal = journal
        self._learnt = threading.Event()

    def put(self, lines: Iterable[bytes], jobs: int = 1) -> Written:
        """Put the articles in *lines*, no two of one id, in the place of those with their ids."""
        added = replaced = 0
        try:
            with closing(parcels(lines, self._index, self._turn.token, jobs)) as made:
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
        for some in by_number(dict.fromkeys(map(key, ids)), _AT_ONCE):
            self._turn.check()
            if found := self._noted(some, new=False):
                items = [
                    Item("delete", self._index, its, conditions=_unchanged(each))
                    for its, each in found.items()
                ]
                bulk.send(self._connection, items)
                gone += len(items)
        return gone

    def commit(self) -> None:
        """Let everybody see the change, and count it."""
        self._turn.check()
        # From here on it is done, whoever does the rest.
        self._control.decide(self._turn.token)
        if self._learnt.is_set():
            builds.refresh(self._connection, builds.forms(self._index))
        builds.refresh(self._connection, self._index)
        self._control.committed()

    def _put(self, items: Parcel) -> Written:
        self._turn.check()
        self._learn(items.forms)
        sent: Sequence[Item] = items
        if self._journal is not None and (found := self._noted(items.ids)):
            sent = [self._over(item, found) for item in items]
        added = replaced = 0
        for _ in range(_ROUNDS):
            waiting = []
            for item, done in zip(sent, bulk.send(self._connection, sent), strict=True):
                if done.conflict:
                    waiting.append(item)
                else:
                    added += item.action == "create"
                    replaced += item.action == "index"
            if not waiting:
                return Written(added, replaced)
            found = builds.kept(self._connection, self._index, [item.id for item in waiting])
            # What this very write has put there was sent twice.
            ours = {item.id for item in waiting if self._is_ours(found.get(item.id))}
            added += sum(item.action == "create" for item in waiting if item.id in ours)
            replaced += sum(item.action == "index" for item in waiting if item.id in ours)
            sent = [self._over(item, found) for item in waiting if item.id not in ours]
            if not sent:
                return Written(added, replaced)
        raise EngineError(
            f"Another program writes to {self._connection.address} without asking for its turn: "
            "let only Ritaglio write there."
        )

    def _noted(self, ids: Sequence[str], *, new: bool = True) -> dict[str, Json]:
        """Return what is there under *ids*, once it is noted, and which of them are *new*."""
        found = builds.kept(self._connection, self._index, ids)
        if self._journal is not None and (found or new):
            before = ((its, found[its]["_source"] if its in found else None) for its in ids)
            self._journal.note(self._index, (each for each in before if new or each[1]))
        return found

    def _is_ours(self, found: Json | None) -> bool:
        return found is not None and found["_source"]["write"] == self._turn.token

    def _over(self, item: Item, found: Mapping[str, Json]) -> Item:
        if item.id not in found:
            return Item("create", self._index, item.id, item.body)
        return Item("index", self._index, item.id, item.body, _unchanged(found[item.id]))

    def _learn(self, forms: Iterable[str]) -> None:
        """Put the forms that are new into the lexicon; they are seen before their articles are."""
        lexicon = builds.forms(self._index)
        new = self._known.take(self._index, forms)
        if new:
            self._learnt.set()
        items = (Item("create", lexicon, key(form), _encoded({"form": form})) for form in new)
        for chunk in bulk.chunks(items, bulk.MOST_SMALL_ITEMS):
            bulk.send(self._connection, chunk)


def _unchanged(found: Json) -> Mapping[str, int]:
    return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}


def _encoded(source: Mapping[str, Any]) -> bytes:
    return json.dumps(source, ensure_ascii=False).encode()
