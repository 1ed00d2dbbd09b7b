"""The index that was there before the last rebuild: kept beside the one that took its place."""

from __future__ import annotations

from datetime import UTC, datetime

from indexer.engines.contract import Copy, EngineError
from indexer.engines.opensearch import builds
from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.control import PATIENCE, Control
from indexer.engines.opensearch.refusals import Json


def keep(connection: Connection, control: Control, index: str, *, keep: bool) -> None:
    """Let *index* be what a rollback brings back, or remove it; one kept before goes."""
    before = control.previous()
    made = {"index": index, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    control.keep(made if keep else None)
    for each in (before.get("index"), None if keep else index):
        if each and each != builds.current(connection):
            builds.remove(connection, each)


def describe(connection: Connection) -> Copy | None:
    """Return what is kept, None where nothing is."""
    kept = Control(connection).previous()
    return _copy(connection, kept) if kept else None


def roll_back(connection: Connection) -> Copy:
    """Put back what is kept; what there is now is kept in turn."""
    control = Control(connection)
    with control.writing(PATIENCE):
        kept = _kept(connection, control)
        copy = _copy(connection, kept)
        control.check(*builds.built_by(connection, kept["index"]))
        now = builds.current(connection)
        builds.switch(connection, kept["index"])
        control.committed()
        made = {"index": now, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        control.keep(made)
    return copy


def forget(connection: Connection) -> Copy:
    """Remove what is kept."""
    control = Control(connection)
    with control.writing(PATIENCE):
        kept = _kept(connection, control)
        copy = _copy(connection, kept)
        control.keep(None)
        builds.remove(connection, kept["index"])
    return copy


def _kept(connection: Connection, control: Control) -> Json:
    if kept := control.previous():
        return kept
    raise EngineError(
        f"Nothing is kept of {connection.address}: a rebuild keeps the index before it, unless "
        "told --no-keep."
    )


def _copy(connection: Connection, kept: Json) -> Copy:
    answer = connection.ask("GET", path_of(kept["index"], "_stats", "docs,store"))
    total = answer["_all"]
    return Copy(
        articles=total["primaries"]["docs"]["count"],
        bytes=total["total"]["store"]["size_in_bytes"],
        generation=-1,
        made=kept["at"],
    )
