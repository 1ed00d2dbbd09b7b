"""What a cluster refuses, told as an EngineError that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.engines.contract import EngineError, IndexMissing, NoRoom
from indexer.engines.opensearch.address import Address

Json = Mapping[str, Any]


class Unavailable(EngineError):
    """The cluster, or a part of it, does not answer: it may in a while."""


class Conflict(Exception):
    """What was to be replaced has changed in between."""


def refusal(address: Address, status: int, answer: Json) -> Exception:
    """Return the error of an *answer* of this *status*."""
    error = answer.get("error")
    error = error if isinstance(error, dict) else {"type": "", "reason": str(error)}
    kind, reason = str(error.get("type")), str(error.get("reason"))
    if causes := error.get("root_cause"):
        reason = str(causes[0].get("reason", reason))
    return of_kind(address, status, kind, reason)


def of_kind(address: Address, status: int, kind: str, reason: str) -> Exception:
    """Return the error of a request, or of one item of a bulk, that was refused."""
    match status:
        case 401 | 403 if kind != "cluster_block_exception":
            return EngineError(
                f"{address} refuses the user {address.user or '(none)'} ({status}): see that "
                "password_file= or key_file= in the URL, or RITAGLIO_INDEX_PASSWORD or "
                "RITAGLIO_INDEX_KEY, is right, and that the user may read, write and make indexes "
                "of this name."
            )
        case 404 if kind == "index_not_found_exception":
            return missing(address)
        case 409:
            return Conflict(reason)
        case _ if "read-only-allow-delete" in reason or "flood" in reason:
            return NoRoom(
                f"A node of {address} has a full disk, so the cluster takes no writes: free some "
                "or add a node; nothing was changed, and searches go on."
            )
        case 429 | 502 | 503 | 504:
            return Unavailable(
                f"{address} cannot answer now ({status}, {reason}): see GET /_cluster/health; red "
                "means that shards are missing, so start the nodes that hold them."
            )
        case _:
            return EngineError(f"{address} refuses a request ({status}, {kind}: {reason}).")


def missing(address: Address) -> IndexMissing:
    """Return the error of an index that is not there."""
    return IndexMissing(
        f"There is no index at {address}: python -m indexer add PATH --index '{address}' makes one."
    )


def unreachable(address: Address, error: Exception | None) -> Unavailable:
    """Return the error of a cluster none of whose hosts can be reached."""
    hint = ""
    if "SSL" in repr(error) or "CERTIFICATE" in repr(error):
        hint = " (a certificate of your own is named by ca=; a cluster without TLS needs tls=no)"
    return Unavailable(
        f"No host of {address} answers ({error}): start the cluster, or mend the URL{hint}."
    )
