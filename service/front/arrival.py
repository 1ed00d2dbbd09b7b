"""How much of a request has come: a thread is given only what it need not wait for.

    head   until its empty line             →  the loop keeps it
    body   short, and of a told length      →  the loop keeps it too, until it is whole
           long, chunked, or waited with    →  a thread reads it, one of few (Stage.STREAMED)

gunicorn parses requests; this looks for their ends, and refuses early what gunicorn would refuse
once it had come.
"""

from __future__ import annotations

import re
from enum import Enum

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException

from service.limits import DEFAULTS

LONGEST_LINE = 8_190  # bytes, the most that gunicorn allows
LONGEST_BODY = 65_536  # of those that the loop keeps

_FRAMING = re.compile(rb"(?im)^(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)")
_BARE_LINE_END = re.compile(rb"(?<!\r)\n")
_METHOD = re.compile(rb"[\r!#$%&'*+.^_`|~0-9A-Za-z-]")


class Stage(Enum):
    """How far a request has come."""

    NOTHING = "nothing"
    HEAD = "head"
    BODY = "body"
    WHOLE = "whole"
    STREAMED = "streamed"  # its head is here; its body is read as it comes


class Arrival:
    """The bytes of a client that no thread has read yet."""

    def __init__(self, held: bytes = b"", *, longest_head: int = DEFAULTS.head_size) -> None:
        self._held = bytearray(held)
        self._longest_head = longest_head
        self._looked_at = 0  # bytes in which no head ends
        self._whole_at: int | None = None  # bytes that make the request whole, once they are known

    def __len__(self) -> int:
        return len(self._held)

    def add(self, chunk: bytes) -> None:
        """Hold *chunk* behind what is there."""
        self._held += chunk

    def begins(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether what is held begins as *pattern* says."""
        return bool(pattern.match(self._held))

    def take(self, size: int) -> bytes:
        """Return the first *size* bytes, and hold them no longer."""
        taken = bytes(memoryview(self._held)[:size])
        del self._held[:size]
        self._looked_at, self._whole_at = 0, None
        return taken

    def stage(self) -> Stage:
        """Tell how far the first request has come.

        Raise ParseException where no request begins so, or its head is too long.
        """
        if not self._held:
            return Stage.NOTHING
        if self._whole_at is None:
            end = self._held.find(b"\r\n\r\n", max(0, self._looked_at - 3))
            if end < 0:
                self._check_beginning()
                self._check_head(len(self._held))
                self._looked_at = len(self._held)
                return Stage.HEAD
            self._check_head(end)
            length = _body_length(bytes(memoryview(self._held)[:end]))
            if length is None:
                return Stage.STREAMED
            self._whole_at = end + 4 + length
        return Stage.BODY if len(self._held) < self._whole_at else Stage.WHOLE

    def _check_beginning(self) -> None:
        held = self._held
        if not _METHOD.match(held) or _BARE_LINE_END.search(held, max(0, self._looked_at - 1)):
            raise ParseException("no request begins so")
        line = held.find(b"\r\n", 2, LONGEST_LINE + 4)
        if line < 0 and len(held) > LONGEST_LINE + 4:
            raise LimitRequestLine(len(held), LONGEST_LINE)

    def _check_head(self, length: int) -> None:
        if length > self._longest_head:
            raise LimitRequestHeaders("the head is too long")


def _body_length(head: bytes) -> int | None:
    """Return the bytes of the body behind *head*; None where the loop should not wait for it."""
    framing = _FRAMING.findall(head)
    if not framing:
        return 0
    if len(framing) > 1 or framing[0][0].lower() != b"content-length":
        return None
    told = framing[0][1].strip()
    if not told.isdigit() or len(told) > 6 or int(told) > LONGEST_BODY:
        return None
    return int(told)
