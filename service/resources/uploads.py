"""Bodies that bring articles: of which type, packed or not, how long, and whether all came."""

from __future__ import annotations

import falcon

from service.front.stream import TooSlow
from service.resources.problems import Problem
from service.writing.reading import BodyTooLong, BodyTooSlow, InvalidBody
from service.writing.unpacking import Gunzip, Read

LINES = "application/x-ndjson"
_ALIASES = {"application/ndjson": LINES, "application/jsonl": LINES}


def type_of(req: falcon.Request, *known: str) -> str:
    """Return which of the *known* types the body of *req* is. Raise Problem."""
    given = (req.content_type or "").partition(";")[0].strip().lower()
    kind = _ALIASES.get(given, given)
    if kind not in known:
        raise Problem(
            415,
            "unknown-content-type",
            f"Say which type the body is, with Content-Type: {' or '.join(known)}.",
            {"Accept": ", ".join(known)},
        )
    return kind


def reader(req: falcon.Request) -> Read:
    """Return what reads the body of *req*, unpacked; it raises InvalidBody. Raise Problem."""
    encoding = (req.get_header("Content-Encoding") or "identity").strip().lower()
    if encoding == "identity":
        return _Whole(req).read
    if encoding in ("gzip", "x-gzip"):
        return Gunzip(_Whole(req).read).read
    raise Problem(
        415,
        "unknown-content-encoding",
        "Send the body plain, or packed with Content-Encoding: gzip.",
        {"Accept-Encoding": "gzip, identity"},
    )


def read_body(req: falcon.Request, longest: int) -> bytes:
    """Return the body of *req*, one article of up to *longest* bytes.

    Raise InvalidBody or Problem.
    """
    if not req.get_header("Content-Encoding") and (req.content_length or 0) > longest:
        raise _too_long(longest)
    read, parts, size = reader(req), list[bytes](), 0
    while part := read(1 << 16):
        parts.append(part)
        size += len(part)
        if size > longest:
            raise _too_long(longest)
    return b"".join(parts)


class _Whole:
    """The body as it comes over the wire, all of it or an error."""

    def __init__(self, req: falcon.Request) -> None:
        chunked = req.get_header("Transfer-Encoding") is not None
        self._stream = req.stream if chunked else req.bounded_stream
        self._missing = 0 if chunked else (req.content_length or 0)

    def read(self, size: int) -> bytes:
        try:
            part: bytes = self._stream.read(size)
        except TooSlow as error:
            raise BodyTooSlow(
                code="request-too-slow",
                message="The body did not come in time: send it faster, or in smaller parts.",
            ) from error
        except Exception as error:  # the server has its own for what is no chunk
            raise _cut_short() from error
        self._missing -= len(part)
        if not part and self._missing > 0:
            raise _cut_short()
        return part


def _cut_short() -> InvalidBody:
    return InvalidBody(code="incomplete-body", message="The body is cut short: send it again.")


def _too_long(longest: int) -> BodyTooLong:
    return BodyTooLong(code="article-too-long", message=f"An article has {longest} bytes at most.")
