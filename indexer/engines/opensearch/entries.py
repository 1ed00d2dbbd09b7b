"""Entries that all programs share, each changed only by who has seen it as it is (control.py)."""

from __future__ import annotations

from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.mapping import CONTROL, settings
from indexer.engines.opensearch.refusals import Json


class Entries:
    """The index of these entries, which outlives all builds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.index = f"{connection.address.name}-control"

    def make(self) -> None:
        """Make the index unless it is there."""
        body = {"settings": settings(self._connection.address, 1), "mappings": CONTROL}
        self._connection.ask("PUT", path_of(self.index), body, expected=(400,))

    def remove(self, name: str) -> None:
        """Remove an entry."""
        self._connection.ask("DELETE", path_of(self.index, "_doc", name), expected=(404,))

    def get(self, name: str) -> Json:
        """Return an entry as it is at this moment, found or not."""
        return self._connection.ask("GET", path_of(self.index, "_doc", name), expected=(404,))

    def put(self, name: str, source: Json, seen: Json | None) -> Json:
        """Write an entry; raise Conflict unless it still is as *seen*."""
        if seen is None:
            condition: dict[str, object] = {}
        elif seen.get("found"):
            condition = {"if_seq_no": seen["_seq_no"], "if_primary_term": seen["_primary_term"]}
        else:
            condition = {"op_type": "create"}
        # Searches see it too, of which each asks what was committed last (remembered.py).
        condition["refresh"] = name == "commit"
        path = path_of(self.index, "_doc", name)
        return self._connection.ask("PUT", path, source, **condition)  # type: ignore[arg-type]
