"""Counts that hold until the next commit: each is asked of the cluster once, and remembered here.

Every search asks, beside what it looks for, which commit was the last. Where it is another than
before, what was remembered is asked for again, and the page is of what there is now.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.counting import ask
from indexer.engines.opensearch.entries import Entries
from indexer.engines.opensearch.refusals import Json

_MOST = 50_000  # counts, some 30 MB
_KEPT = ("hits", "aggregations", "_shards")


class Remembered:
    """The counts of one commit, for all threads of a program."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._name = connection.address.name
        self._of: tuple[int | None, dict[str, Json]] = None, {}
        self._last = {
            "index": Entries(connection).index,
            "size": 1,
            "query": {"ids": {"values": ["commit"]}},
            "_source": ["generation"],
        }

    def ask(self, search: Json, counts: Sequence[Json]) -> tuple[Json, list[Json]]:
        """Return the answer to *search*, and those to *counts*, which find no hits."""
        if self._connection.address.partial:  # what a count comes to depends on who answers
            answer, *found = ask(self._connection, self._name, [search, *counts])
            return answer, found
        commit, known = self._of
        names = {json.dumps(each): each for each in counts}
        new = [name for name in names if name not in known]
        asked = [search, self._last, *(names[name] for name in new)]
        answer, last, *found = ask(self._connection, self._name, asked)
        there = {**_kept(new, found), **{name: known[name] for name in names if name in known}}
        if (now := _generation(last)) is None or now != commit:
            # Of those just asked it is not known whether they were counted before the commit.
            self._of = now, {}
            old = [name for name in names if name in known]
            again = ask(self._connection, self._name, [names[name] for name in old])
            there |= _kept(old, again)
        elif len(known) < _MOST:
            known |= there
        else:
            self._of = commit, there
        return answer, [there[name] for name in names]


def _generation(last: Json) -> int | None:
    hits = last["hits"]["hits"]
    return int(hits[0]["_source"]["generation"]) if hits else None


def _kept(names: Sequence[str], answers: Sequence[Json]) -> dict[str, Json]:
    return {
        name: {key: answer[key] for key in _KEPT if key in answer}
        for name, answer in zip(names, answers, strict=True)
    }
