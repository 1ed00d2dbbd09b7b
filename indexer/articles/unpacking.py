"""A packed file, unpacked as it is read: never a bomb, and damage is told in words."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import zstandard

_AHEAD = 1 << 17  # bytes
_FREE = 1 << 20  # bytes that anything may unpack to
_RATIO = 200
"""Times as long as packed, at most; articles are three to ten, gzip's limit a thousand."""

_STEP = 1 << 10  # bytes that are unpacked at once: zstd makes at most 32 MiB of them


class _Unpacked(Protocol):
    def read1(self, size: int, /) -> bytes:
        """Return some of the next bytes, none at the end."""


class _Frames:
    """What zstd made, frame by frame: its own reader takes one cut short for the end."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._coming = b""
        self._ready = b""

    def read1(self, size: int, /) -> bytes:
        while not self._ready:
            coming = self._coming or self._packed.read(_STEP)
            if not coming:
                if self._frame:
                    raise EOFError
                return b""
            self._frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            self._ready = self._frame.decompress(coming)
            self._coming = self._frame.unused_data
            if self._frame.eof:
                self._frame = None
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


PACKINGS: dict[str, tuple[str, Callable[[BinaryIO], _Unpacked]]] = {
    ".gz": ("gzip", lambda packed: gzip.GzipFile(fileobj=packed)),
    ".zst": ("zstd", _Frames),
}
"""By the ending of a file: what packed it, and how it is unpacked."""


class _Bounded(io.RawIOBase):
    """What is unpacked of *packed*, unless that is a bomb or damaged; then ValueError."""

    def __init__(self, packed: BinaryIO, ending: str) -> None:
        self._packed = packed
        self._ending = ending
        self._program, unpack = PACKINGS[ending]
        self._unpacked = unpack(packed)
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            read = self._unpacked.read1(len(buffer))  # what there is, before what is damaged
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise ValueError(self._told(error)) from error
        size = len(read)
        buffer[:size] = read
        self._size += size
        if self._packed.seekable() and self._size > _FREE + _RATIO * self._packed.tell():
            raise ValueError(f"it unpacks to more than {_RATIO} times its length: unpack it first")
        return size

    def _told(self, error: Exception) -> str:
        if not self._size and not isinstance(error, EOFError):
            return (
                f"no {self._program} file: where it is not packed, name it without {self._ending}"
            )
        return f"the {self._program} file is damaged or cut short: copy or pack it again"


def packing_of(first: bytes) -> str:
    """Return the ending that what begins with *first* should have; nothing where it is plain."""
    marks = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
    return next((ending for ending, mark in marks.items() if first.startswith(mark)), "")


def unpacked(packed: BinaryIO, ending: str) -> io.BufferedReader[Any]:
    """Return what to read *packed* by, a file whose name has the *ending*, one of PACKINGS.

    Reading raises ValueError with what to mend.
    """
    return io.BufferedReader(_Bounded(packed, ending), _AHEAD)
