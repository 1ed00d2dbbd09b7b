"""Entries asked for by their names, many at once.

The answer as a whole is fine where a shard could not say whether it has one of them: that is asked
again, since whoever takes such an entry for a missing one changes or loses what is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexer.engines.opensearch.connection import Connection, path_of, pauses, wait
from indexer.engines.opensearch.refusals import Json, of_kind


def several(
    connection: Connection, index: str, names: Iterable[str], **parameters: object
) -> list[Json]:
    """Return those entries of *index* with these *names* that there are, in their order.

    Raise EngineError.
    """
    asked = {"ids": list(names)}
    for pause in pauses():
        answer = connection.ask("POST", path_of(index, "_mget"), asked, **parameters)  # type: ignore[arg-type]
        refused = [each["error"] for each in answer["docs"] if "error" in each]
        if not refused:
            break
        error = refused[0]
        status = 404 if error["type"] == "index_not_found_exception" else 503
        if status == 404 or pause is None:
            raise of_kind(connection.address, status, error["type"], str(error.get("reason")))
        wait(pause)
    return [each for each in answer["docs"] if each.get("found")]
