"""A damaged file of a segment with its flipped bits put right, as far as single ones go."""

from __future__ import annotations

import mmap
import zlib
from contextlib import suppress

from indexer.engines.contract import EngineError, IndexDamaged
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.mending import mended, with_a_bit_flipped
from indexer.engines.whoosh.sections import BLOCK, TRAILER, Sections


class MendedFile(OpenFile):
    """A copy in memory: one wrong bit in each block, in the tables and in the trailer is undone.

    What cannot be read at all is zeros. What stays wrong still fails its checksum.
    """

    def __init__(self, file: OpenFile) -> None:
        self.path = file.path
        self.size = file.size
        self._copy = mmap.mmap(-1, max(1, file.size))
        for at in range(0, file.size, BLOCK):
            with suppress(EngineError):
                content = file.read(at, at + BLOCK)
                self._copy[at : at + len(content)] = content
        if self.size > TRAILER.size:
            self._mend()

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes from *start* to *stop*."""
        return self._copy[start : min(stop, self.size)]

    def map(self) -> mmap.mmap:
        """Return the copy."""
        return self._copy

    def __del__(self) -> None:
        """Nothing to close: the copy goes with its last reader."""

    def _mend(self) -> None:
        start = self.size - TRAILER.size
        for trailer in with_a_bit_flipped(self._copy[start:], TRAILER.size):
            end, table, sums, table_sum, sums_sum, _, _ = TRAILER.unpack(trailer)
            if end + table + sums == start:
                self._put(end, table, table_sum)
                self._put(end + table, sums, sums_sum)
                kept = self._copy[start:]
                self._copy[start:] = trailer
                try:
                    sections = Sections(self)
                except IndexDamaged:
                    self._copy[start:] = kept
                    continue
                for at, size, checksum in sections.checksums():
                    self._put(at, size, checksum)
                return

    def _put(self, at: int, size: int, checksum: int) -> None:
        content = self._copy[at : at + size]
        if zlib.crc32(content) != checksum and (right := mended(content, checksum)):
            self._copy[at : at + size] = right
