"""A packed body, unpacked as it is read: never more at once than is asked for, never a bomb."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from service.writing.reading import BodyTooLong, InvalidBody

_CHUNK = 1 << 16  # bytes
_GZIP = 16 + zlib.MAX_WBITS
_FREE = 1 << 20  # bytes that anything may unpack to
_RATIO = 200
"""Times as long as packed, at most; JSON of articles is three to ten, gzip's limit a thousand."""

Read = Callable[[int], bytes]
"""Returns up to so many of the next bytes, none at the end."""


class Gunzip:
    """What *read* brings, unpacked; several members one behind the other are one, as in files."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._member = zlib.decompressobj(_GZIP)
        self._packed = 0
        self._unpacked = 0
        self._begun = False

    def read(self, size: int) -> bytes:
        """Return up to *size* bytes, none at the end. Raise InvalidBody."""
        while True:
            # At its end, zlib may name the same bytes as not yet consumed and as not its own.
            ended = self._member.eof
            coming = (b"" if ended else self._member.unconsumed_tail) or self._more()
            if not coming:
                if self._begun and not self._member.eof:
                    raise InvalidBody(code="invalid-gzip", message="The gzip body is cut short.")
                return b""
            self._begun = True
            try:
                found = self._member.decompress(coming, size)
            except zlib.error as error:
                raise InvalidBody(
                    code="invalid-gzip", message=f"The body is no gzip, or damaged ({error})."
                ) from error
            if found:
                self._count(len(found))
                return found

    def _more(self) -> bytes:
        left = self._member.unused_data
        if not left:
            left = self._read(_CHUNK)
            self._packed += len(left)
        if left and self._member.eof:
            self._member = zlib.decompressobj(_GZIP)
        return left

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > _FREE + _RATIO * self._packed:
            raise BodyTooLong(
                code="body-expands-too-far",
                message=f"The body unpacks to more than {_RATIO} times its length: send it plain.",
            )
