"""The indexes behind the name: made, found, and put in each other's place at once."""

from __future__ import annotations

import time
from typing import Any

from indexer.engines.contract import EngineError
from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.mapping import ARTICLES, FORMS, settings
from indexer.engines.opensearch.refusals import missing


def forms(index: str) -> str:
    """Return the index, or alias, of the forms that belongs to *index*."""
    return f"{index}-forms"


def current(connection: Connection) -> str:
    """Return the index that the name stands for. Raise IndexMissing."""
    if found := _holders(connection, connection.address.name):
        return found[0]
    raise missing(connection.address)


def there(connection: Connection) -> bool:
    """Tell whether the name stands for an index."""
    return bool(_holders(connection, connection.address.name))


def make(connection: Connection) -> str:
    """Make an empty index under a new name, which nobody asks yet; return the name."""
    address = connection.address
    index = f"{address.name}-{time.time_ns()}"
    for its, mappings in ((index, ARTICLES), (forms(index), FORMS)):
        body = {"settings": settings(address, address.shards), "mappings": mappings}
        made = connection.ask("PUT", path_of(its), body, expected=(400,), timeout="60s")
        kind = made.get("error", {}).get("type")
        if kind not in (None, "resource_already_exists_exception"):
            raise EngineError(
                f"{address} refuses to make the index {its} ({made['error'].get('reason')})."
            )
    return index


def switch(connection: Connection, index: str) -> None:
    """Let the name stand for *index*, in one step."""
    name = connection.address.name
    actions: list[dict[str, Any]] = [
        {"remove": {"index": holder, "alias": alias}}
        for alias in (name, forms(name))
        for holder in _holders(connection, alias)
    ]
    actions += [
        {"add": {"index": index, "alias": name, "is_write_index": True}},
        {"add": {"index": forms(index), "alias": forms(name), "is_write_index": True}},
    ]
    connection.ask("POST", "/_aliases", {"actions": actions})


def remove(connection: Connection, index: str) -> None:
    """Remove *index* and its forms."""
    for its in (index, forms(index)):
        connection.ask("DELETE", path_of(its), expected=(404,))


def built_by(connection: Connection, index: str) -> tuple[int | None, int | None]:
    """Return the format and the chain that *index* was built by."""
    answer = connection.ask("GET", path_of(index, "_mapping"))
    meta = answer[index]["mappings"].get("_meta", {})
    return meta.get("format"), meta.get("chain")


def _holders(connection: Connection, alias: str) -> list[str]:
    answer = connection.ask("GET", path_of("_alias", alias), expected=(404,))
    return sorted(answer) if "error" not in answer else []
