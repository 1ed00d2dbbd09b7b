"""A segment's file while it is written: the arrays of sections.py, filled in any order."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from zlib_ng.zlib_ng import crc32

from indexer.engines.whoosh.files import NewFile
from indexer.engines.whoosh.sections import BLOCK, FORMAT, HEADER, MAGIC, TRAILER, Array

_ALIGN = 64
_LARGE = 1 << 20
"""Bytes of a file that goes to the disk while others are written; a smaller one waits for the
commit, or is merged before."""


def aligned(size: int) -> int:
    """Return *size* rounded up to where a section may begin."""
    return -(-size // _ALIGN) * _ALIGN


@cache
def _written(kind: np.dtype[Any]) -> tuple[str, int]:
    """Return a type as tables name it, and the bytes that an element takes."""
    return kind.newbyteorder("<").str, kind.itemsize


class Draft:
    """A file being written: sections allocated at once, filled in any order, then sealed."""

    def __init__(
        self,
        file: NewFile,
        layout: Mapping[str, tuple[int, npt.DTypeLike]],
        facts: Mapping[str, Any],
    ) -> None:
        self._file = file
        self._table: dict[str, tuple[int, int, str]] = {}
        end = HEADER
        for name, (length, dtype) in layout.items():
            written, size = _written(np.dtype(dtype))
            self._table[name] = (end, length, written)
            end = aligned(end + length * size)
        self._end = end
        self._facts = dict(facts)
        file.reserve(end)
        self._map = file.map(end)
        self._map[: len(MAGIC) + 4] = MAGIC + struct.pack("<I", FORMAT)

    def __getitem__(self, name: str) -> Array:
        """Return the section's array, to be filled."""
        offset, length, dtype = self._table[name]
        return np.frombuffer(self._map, dtype, length, offset)

    def seal(self) -> None:
        """Write table and checksums. Unless it is large, the file is not synced yet."""
        table = msgspec.json.encode({"sections": self._table, "facts": self._facts})
        view = memoryview(self._map)
        sums = np.array(
            [crc32(view[at : at + BLOCK]) for at in range(0, self._end, BLOCK)], "<u4"
        ).tobytes()
        view.release()
        trailer = TRAILER.pack(
            self._end, len(table), len(sums), crc32(table), crc32(sums), FORMAT, MAGIC
        )
        self._file.write(table + sums + trailer, self._end)
        self._file.flush(self._map)
        if self._end >= _LARGE:
            self._file.sync()
