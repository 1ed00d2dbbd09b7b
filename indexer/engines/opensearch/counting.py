"""How many articles match each of some queries, and what all articles come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from indexer.engines import deadline
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.connection import Connection, path_of, pauses, wait
from indexer.engines.opensearch.matching import Query
from indexer.engines.opensearch.refusals import Json, Unavailable, refusal
from indexer.engines.order import date_of

_AT_ONCE = 200

TOTALS: Json = {
    "size": 0,
    "track_total_hits": True,
    "aggs": {"words": {"sum": {"field": "length"}}, "newest": {"max": {"field": "day"}}},
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What is counted over the whole index."""

    articles: int
    words: int
    newest: date | None


def number_of(query: Query) -> Json:
    """Return the search that counts what *query* finds."""
    return {"size": 0, "track_total_hits": True, "query": query}


def total(answer: Json) -> int:
    """Return the exact total of an *answer*."""
    return int(answer["hits"]["total"]["value"])


def totals(answer: Json) -> Totals:
    """Return what the search TOTALS found."""
    aggregations = answer["aggregations"]
    newest = date_of(int(aggregations["newest"]["value"] or 0))
    return Totals(total(answer), int(aggregations["words"]["value"]), newest)


def counts(connection: Connection, index: str, queries: Sequence[Query]) -> list[int]:
    """Return for how many entries of *index* each of *queries* holds."""
    return [total(each) for each in ask(connection, index, [number_of(q) for q in queries])]


def ask(connection: Connection, index: str, searches: Sequence[Json]) -> list[Json]:
    """Return the answers to *searches*, each from all shards, unless the address says otherwise.

    A search may name another "index" than the others.
    """
    return [
        answer
        for begin in range(0, len(searches), _AT_ONCE)
        for answer in _together(connection, index, searches[begin : begin + _AT_ONCE])
    ]


def _together(connection: Connection, index: str, searches: Sequence[Json]) -> Iterator[Json]:
    lines = [line for search in searches for line in _lines(connection.address, search)]
    for pause in pauses():
        answers = connection.lines(path_of(index, "_msearch"), lines)["responses"]
        errors = [error for each in answers if (error := _error(connection.address, each))]
        if not errors:
            yield from answers
            return
        deadline.check()
        if pause is None or not isinstance(errors[0], Unavailable):
            raise errors[0]
        wait(pause)


def _lines(address: Address, search: Json) -> tuple[Json, Json]:
    # The same question goes to the same copies: they remember its counts, and break ties alike.
    its = sha256(json.dumps(search).encode()).hexdigest()
    scored = search.get("size") and "index" not in search
    head: dict[str, Any] = {
        "allow_partial_search_results": address.partial,
        "search_type": "dfs_query_then_fetch" if scored else "query_then_fetch",
        "preference": its[:16],
    }
    if "index" in search:
        head["index"] = search["index"]
        search = {name: value for name, value in search.items() if name != "index"}
    if (left := deadline.left()) < address.timeout:
        # Whoever asked has gone by then.
        head["cancel_after_time_interval"] = f"{max(1, int(1000 * left))}ms"
    return head, search


def _error(address: Address, answer: Json) -> EngineError | None:
    if "error" in answer:
        error = refusal(address, answer.get("status", 500), answer)
        return error if isinstance(error, EngineError) else EngineError(str(error))
    if answer["_shards"]["failed"] and not address.partial:
        return Unavailable(
            f"Some shards of {address} did not answer: see GET /_cluster/health, and start "
            "the nodes that hold them; partial=yes in the URL answers from the others."
        )
    return None
