"""Every article of an index as it is at one moment, in the order of ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.entry import KEPT
from indexer.engines.opensearch.refusals import Json, Unavailable

_AT_ONCE = 200
_KEPT = "10m"  # between two pages


def walk(connection: Connection, index: str) -> Iterator[Json]:
    """Yield what is kept of the articles (entry.py); not of those written meanwhile."""
    opened = connection.ask("POST", path_of(index, "_search", "point_in_time"), keep_alive=_KEPT)
    moment = opened["pit_id"]
    try:
        behind: list[Any] = []
        while True:
            search: dict[str, Any] = {
                "size": _AT_ONCE,
                "pit": {"id": moment, "keep_alive": _KEPT},
                "sort": [{"id": "asc"}],
                "track_total_hits": False,
                "_source": list(KEPT),
            }
            if behind:
                search["search_after"] = behind
            answer = connection.ask("POST", "/_search", search, allow_partial_search_results=False)
            if answer["_shards"]["failed"]:
                raise Unavailable(f"Some shards of {connection.address} did not answer.")
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield hit["_source"]
            if len(hits) < _AT_ONCE:
                return
            behind = hits[-1]["sort"]
    finally:
        connection.ask("DELETE", "/_search/point_in_time", {"pit_id": [moment]}, expected=(404,))
