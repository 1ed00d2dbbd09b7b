"""The cursor of a walk: the order, and the place in it behind which the next page begins.

It is opaque to clients and holds nothing secret; what is not exactly as we write it is refused.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec

from indexer.engines.contract import Place, Sort
from service.query import QueryError

START = "*"
WALKED = (Sort.NEWEST, Sort.OLDEST, Sort.TITLE)  # a score changes with what else is written


@dataclass(frozen=True, slots=True)
class Cursor:
    """A walk in the order of *sort*, at its beginning or behind a place."""

    sort: Sort
    after: Place | None = None

    def __str__(self) -> str:
        if self.after is None:
            return START
        at = self.after
        title = at.title if self.sort is Sort.TITLE else ""  # keeps addresses short
        values = (self.sort, at.day, title, at.id)
        return urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def read_cursor(text: str, sort: Sort | None) -> Cursor:
    """Read *text* in a request that asks for *sort*, or for none. Raise QueryError."""
    if text == START:
        cursor = Cursor(sort or Sort.NEWEST)
    else:
        cursor = _behind(text)
        if sort not in (None, cursor.sort):
            raise _refusal(f"this cursor belongs to a walk by {cursor.sort}: keep that sort")
    if cursor.sort not in WALKED:
        raise _refusal(
            f"a walk goes by {', '.join(WALKED)}, not by {cursor.sort}, "
            "which changes while articles are written"
        )
    return cursor


def _behind(text: str) -> Cursor:
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"==")
        sort, day, title, article_id = msgspec.json.decode(
            packed, type=tuple[Sort, int, str, str], strict=True
        )
        cursor = Cursor(sort, Place(day, title, article_id))
    except ValueError:  # UnicodeEncodeError, binascii.Error and msgspec's errors are such
        cursor = None
    if cursor is None or str(cursor) != text:
        raise _refusal(f"take it from «next» of the page before, or begin with {START}")
    return cursor


def _refusal(reason: str) -> QueryError:
    return QueryError(f"cursor cannot be followed: {reason}.", code="invalid-parameter")
