"""A segment's file: named arrays behind one memory map, every block of it checksummed.

    header   magic, format                                  (64 bytes)
    sections each an array, at a multiple of 64 bytes
    table    JSON: {"sections": {name: [offset, length, dtype]}, "facts": {…}}
    sums     CRC-32 of every 64 KiB block of what stands before the table
    trailer  where the table stands, its and the sums' own CRC-32, magic

Opening reads trailer, table and sums. A block is verified the first time this process reads it,
so that opening stays quick and no damaged byte is ever answered from. It is read, not mapped, for
that: a page that the disk cannot give is an error then, and does not kill the process.
Nobody changes a file in place; where somebody did, it is opened, and compared, anew (index.py).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from zlib_ng.zlib_ng import crc32

from indexer.compiled import address
from indexer.engines.contract import EngineError, IndexDamaged
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.refusals import REMEDY

Array = npt.NDArray[Any]

FORMAT = 1
MAGIC = b"RITAGLIO"
HEADER = 64
BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS
TRAILER = struct.Struct("<QIIIIQ8s")  # table offset, its length, sums, CRCs of both, format, magic


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(f"{path} is damaged ({what}): {REMEDY}")


class Placed(NamedTuple):
    """Where an array lies in memory, how many elements it has, and the bytes of each."""

    address: int
    length: int
    item: int


class Sections:
    """A sealed file, mapped for reading. Shared by threads; the map lives while anyone reads it."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self.was_written = file.was_written
        self.path = file.path
        self.size = file.size
        self._read_table()
        self._map = file.map()
        self._address = address(np.frombuffer(self._map, np.uint8))

    def _read_table(self) -> None:
        if self.size < HEADER + TRAILER.size:
            raise _damaged(self.path, f"only {self.size} bytes are left of it")
        end, table_size, sums_size, table_sum, sums_sum, written_format, magic = TRAILER.unpack(
            self._file.read(self.size - TRAILER.size, self.size)
        )
        if magic != MAGIC or end + table_size + sums_size + TRAILER.size != self.size:
            raise _damaged(self.path, "its end is missing")
        table = self._file.read(end, end + table_size)
        sums = self._file.read(end + table_size, end + table_size + sums_size)
        if crc32(table) != table_sum or crc32(sums) != sums_sum:
            raise _damaged(self.path, "its table does not match its checksum")
        if written_format != FORMAT:
            raise _damaged(self.path, f"it has format {written_format}, not {FORMAT}")
        content = msgspec.json.decode(table)
        self._table: dict[str, tuple[int, int, str]] = content["sections"]
        self.facts: dict[str, Any] = content["facts"]
        self._sums = np.frombuffer(sums, "<u4")
        self._end = end
        self._unread = bytearray(b"\1" * len(self._sums))
        self._unread_blocks = np.frombuffer(self._unread, bool)
        self._met: int | None = None  # a block that was damaged when it was last looked at

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def array(self, name: str) -> Section:
        """Return the section *name*."""
        offset, length, dtype = self._table[name]
        return Section(self, offset, np.frombuffer(self._map, dtype, length, offset))

    def verify(self, start: int, stop: int) -> None:
        """Raise IndexDamaged unless the bytes from *start* to *stop* are what was written."""
        first, last = start >> BLOCK_BITS, (stop + BLOCK - 1) >> BLOCK_BITS
        if self._unread.find(1, first, last) < 0:
            return
        for block in range(first, last):
            self.verify_block(block)

    def verify_block(self, block: int) -> None:
        """Raise IndexDamaged unless the bytes of *block* are what was written."""
        if self._unread[block]:
            at = block << BLOCK_BITS
            content = self._file.read(at, min(at + BLOCK, self._end))
            if crc32(content) != self._sums[block]:
                self._met = block
                raise _damaged(self.path, f"block {block} fails its checksum")
            self._unread[block] = 0

    def read(self, start: int, size: int) -> bytes:
        """Return up to *size* bytes of the file from *start* on, verified."""
        stop = min(start + size, self.size)
        if start < self._end:
            self.verify(start, min(stop, self._end))
        return self._file.read(start, stop)

    def verify_at(self, places: Array) -> None:
        """Raise IndexDamaged unless what stands at each of *places*, in bytes, is as written.

        An array's elements stand at multiples of their size, so none crosses from block to block.
        """
        blocks = places >> BLOCK_BITS
        if self._unread_blocks[blocks].any():
            for block in np.unique(blocks).tolist():
                self.verify(block << BLOCK_BITS, (block << BLOCK_BITS) + 1)

    def verify_all(self) -> None:
        """Read the whole file; raise IndexDamaged where it is not what was written."""
        self.verify(0, self._end)

    def compare_anew(self) -> None:
        """Raise IndexDamaged where a byte is no longer what was written, compared before or not."""
        self._unread[:] = b"\1" * len(self._sums)
        self.verify_all()

    def check_met(self) -> None:
        """Raise IndexDamaged while a block that was met damaged still is."""
        if self._met is not None:
            self.verify_block(self._met)
            self._met = None

    def addresses(self) -> tuple[int, int]:
        """Return where the map begins, and what tells of each block whether it is unverified."""
        return self._address, address(self._unread_blocks)

    def placed(self, name: str, *, verified: bool) -> Placed:
        """Return where the section *name* lies; unless *verified*, who reads there sees to that."""
        offset, length, dtype = self._table[name]
        item = np.dtype(dtype).itemsize
        if verified and length:
            self.verify(offset, offset + length * item)
        return Placed(self._address + offset, length, item)

    def checksums(self) -> Iterator[tuple[int, int, int]]:
        """Yield where each block begins, its size, and its checksum."""
        for block, checksum in enumerate(self._sums.tolist()):
            start = block << BLOCK_BITS
            yield start, min(BLOCK, self._end - start), checksum

    def trust(self) -> None:
        """Compare no more checksums: for who has others to go by."""
        self._unread[:] = bytes(len(self._sums))

    def damaged_blocks(self, looked: Callable[[int], None]) -> Iterator[str]:
        """Read the whole file anew; yield what is wrong with it, and where."""
        for block, (start, size, _) in enumerate(self.checksums()):
            stop = start + size
            self._unread[block] = 1
            try:
                self.verify(start, stop)
            except IndexDamaged:
                yield f"block {block} fails its checksum ({self._within(start, stop)})"
            except EngineError as error:
                yield f"block {block} cannot be read ({self._within(start, stop)}): {error}"
            looked(size)

    def _within(self, start: int, stop: int) -> str:
        held = [
            name
            for name, (offset, length, kind) in self._table.items()
            if offset < stop and start < offset + length * np.dtype(kind).itemsize
        ]
        return f"{held[0]} to {held[-1]}" if len(held) > 1 else "".join(held)


class Section:
    """One array of a file; what is sliced from it has been verified."""

    __slots__ = ("_array", "_item", "_offset", "_owner", "_view")

    def __init__(self, owner: Sections, offset: int, array: Array) -> None:
        self._owner = owner
        self._offset = offset
        self._array = array
        self._item = array.dtype.itemsize
        self._view = array.data

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, span: slice) -> Array:
        """Return the elements of *span*, which has a start and a stop and no step."""
        start, stop = span.start, span.stop
        if start < stop:
            offset, item = self._offset, self._item
            self._owner.verify(offset + start * item, offset + stop * item)
        return self._array[start:stop]

    def view(self, start: int, stop: int) -> memoryview:
        """Return the elements from *start* to *stop* of an array of bytes, as they lie there."""
        if start < stop:
            self._owner.verify(self._offset + start, self._offset + stop)
        return self._view[start:stop]

    def bytes(self, start: int, stop: int) -> bytes:
        """Return the elements from *start* to *stop* of an array of bytes."""
        return bytes(self.view(start, stop))

    def at(self, places: Array) -> Array:
        """Return the elements at *places*, which ascend."""
        self._owner.verify_at(self._offset + places * self._item)
        return self._array[places]

    def whole(self) -> Array:
        """Return all elements."""
        return self[0 : len(self._array)]
