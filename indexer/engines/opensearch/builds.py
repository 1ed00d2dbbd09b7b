"""The indexes behind the name: made, found, and put in each other's place at once."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from indexer.engines.contract import EngineError
from indexer.engines.opensearch.connection import Connection, path_of, pauses, wait
from indexer.engines.opensearch.entry import KEPT
from indexer.engines.opensearch.mapping import ARTICLES, DURABLE, FILLING, FORMS, copies, settings
from indexer.engines.opensearch.refusals import Json, Unavailable, missing
from indexer.engines.opensearch.several import several

_KEPT = (*KEPT, "write")


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


def make(connection: Connection, *, filling: bool = False) -> str:
    """Make an empty index under a new name, which nobody asks yet; return the name.

    One for *filling* has no copies, and may be lost with its node, until it is `settled`.
    """
    address = connection.address
    index = f"{address.name}-{time.time_ns()}"
    for its, mappings in ((index, ARTICLES), (forms(index), FORMS)):
        chosen = settings(address, address.shards) | (FILLING if filling else {})
        body = {"settings": chosen, "mappings": mappings}
        made = connection.ask("PUT", path_of(its), body, expected=(400,), timeout="60s")
        kind = made.get("error", {}).get("type")
        if kind not in (None, "resource_already_exists_exception"):
            raise EngineError(
                f"{address} refuses to make the index {its} ({made['error'].get('reason')})."
            )
    return index


def settle(connection: Connection, index: str) -> None:
    """Let *index*, which was made for filling, be kept as any other: on disk, and copied."""
    both = path_of(f"{index},{forms(index)}")
    connection.ask("PUT", f"{both}/_settings", {"index": DURABLE})
    # What is on disk is copied as files; what is not is done again by every copy.
    # A shard knows only with the second flush that what the first one wrote is on disk.
    for _ in range(2):
        connection.ask("POST", f"{both}/_flush", force=True, wait_if_ongoing=True)
    connection.ask("PUT", f"{both}/_settings", {"index": copies(connection.address)})
    while True:
        health = connection.ask(
            "GET",
            path_of("_cluster", "health", f"{index},{forms(index)}"),
            wait_for_status="green",
            wait_for_events="languid",
            timeout=f"{connection.address.timeout / 2:g}s",
            expected=(408,),
        )
        if health["status"] == "red":
            raise EngineError(
                f"A node of {connection.address} went away while the index was filled: see "
                "GET /_cluster/health, and try again when it is back."
            )
        # Copies that have nowhere to go do not come by waiting: a cluster of one node has none.
        if health["status"] == "green" or not health["initializing_shards"]:
            return


def refresh(connection: Connection, index: str) -> None:
    """Let everybody see what was written to *index*."""
    for pause in pauses():
        if not connection.ask("POST", path_of(index, "_refresh"))["_shards"]["failed"]:
            return
        if pause is not None:
            wait(pause)
    raise Unavailable(
        f"Some shards of {connection.address} could not show what was written: see "
        "GET /_cluster/health."
    )


def kept(connection: Connection, index: str, ids: Sequence[str]) -> dict[str, Json]:
    """Return what *index* keeps under *ids* at this moment, seen or not, and which write put it."""
    found = several(connection, index, ids, _source_includes=",".join(_KEPT))
    return {each["_id"]: each for each in found}


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


def sweep(connection: Connection, kept: str | None) -> None:
    """Remove what rebuilds that were killed have left; only for who holds the right to write.

    What a name stands for, and what is *kept* for a rollback, stays.
    """
    name = connection.address.name
    own = re.compile(re.escape(name) + r"-\d{19}")
    there = connection.ask("GET", path_of(f"{name}-*", "_alias"), expected=(404,))
    for index, its in there.items():
        if own.fullmatch(index) and index != kept and not its["aliases"]:
            remove(connection, index)


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
