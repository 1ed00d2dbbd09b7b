"""Values and days counted over all hits, exactly, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from indexer.engines import deadline, facets
from indexer.engines.contract import Field, Query
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.counting import ask
from indexer.engines.opensearch.refusals import Json
from indexer.engines.order import UNDATED, days

_MANY = 10_000  # values of one count; where there are more they are counted by the page


def asked(query: Query) -> dict[str, Any]:
    """Return the aggregations that count what *query* asks for."""
    names = [field.value for field in query.facets] + ["day"] * query.days
    return {name: {"terms": {"field": name, "size": _MANY}} for name in names}


class Counted:
    """What was counted for a query that matches by *matching*."""

    def __init__(self, connection: Connection, matching: Json, answer: Json) -> None:
        self._connection = connection
        self._matching = matching
        self._answer = answer.get("aggregations", {})

    def facets(self, fields: tuple[Field, ...]) -> dict[Field, tuple[tuple[str, int], ...]]:
        """Return the values of each of *fields*, as most often written, and their articles."""
        return {field: facets.rank(dict(self._of(field.value))) for field in fields}

    def days(self) -> tuple[tuple[date, int], ...]:
        """Return how many articles each day has."""
        return days((day, number) for day, number in self._of("day") if day != UNDATED)

    def _of(self, name: str) -> Iterator[tuple[Any, int]]:
        counted = self._answer[name]
        if not counted["sum_other_doc_count"]:
            return ((bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"])
        return self._all_of(name)

    def _all_of(self, name: str) -> Iterator[tuple[Any, int]]:
        source = {"sources": [{"value": {"terms": {"field": name}}}], "size": _MANY}
        behind: Json = {}
        while True:
            deadline.check()
            page = {"composite": {**source, **behind}}
            search = {"size": 0, "query": self._matching, "aggs": {"page": page}}
            (answer,) = ask(self._connection, self._connection.address.name, [search])
            buckets = answer["aggregations"]["page"]["buckets"]
            for bucket in buckets:
                yield bucket["key"]["value"], bucket["doc_count"]
            if len(buckets) < _MANY:
                return
            behind = {"after": buckets[-1]["key"]}
