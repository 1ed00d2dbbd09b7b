"""The table of contents: what a generation of the index consists of, in one small file.

    Whoosh's own table  generation, schema, segments: mostly pickles
    trailer             the length and the CRC-32 of that, and magic

Whoosh reads its own part and stops there; we read nothing before the checksum has been compared,
since a pickle with one bit changed may do anything. A table gets its name when it is on the disk,
and is the commit from then on.
"""

from __future__ import annotations

import re
import secrets
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from indexer.engines.contract import EngineError, IndexDamaged
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.mending import mended, with_a_bit_flipped
from indexer.engines.whoosh.refusals import REMEDY
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.segment import INDEX_NAME, ColumnarSegment, is_segment
from indexer.engines.whoosh.storage import Folder

_TRAILER = struct.Struct("<QI8s")
_MAGIC = b"RITACONT"
_TABLE = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")
_UNNAMED = ".new"
DAMAGED = ".damaged"
"""How names of files end that a repair has put aside."""
_LISTINGS = 3
_AT_RANDOM = 1 << 29  # Whoosh's numbers have 31 bits
_SETTLED = 3_000_000_000  # nanoseconds; the coarsest file systems count in two seconds


def file_name(generation: int | Literal["N"]) -> str:
    """Return the name of a generation's table, N standing for any: Whoosh's own."""
    return f"_{INDEX_NAME}_{generation}.toc"


def is_table(name: str) -> bool:
    """Tell whether a file is a table, or was one or was to become one."""
    return bool(_TABLE.match(name)) and not name.endswith(DAMAGED)


def generations(names: Iterable[str]) -> list[int]:
    """Return the generations that have a table among *names*, the latest last: seldom two."""
    return sorted(int(found[1]) for name in names if (found := _TABLE.fullmatch(name)))


def latest_generation(folder: Folder) -> int:
    """Return the number of the latest commit in *folder*, -1 where there is no index."""
    for _ in range(_LISTINGS):
        # A listing that runs while a commit swaps tables of contents may see neither.
        if found := generations(folder.names()):
            return found[-1]
        time.sleep(0.001)
    return -1


class Latest:
    """The latest generation, at the price of one look at the folder while nothing changes."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: tuple[int, int] | None = None

    def __call__(self) -> int:
        """Return its number, -1 where there is no index."""
        known, stamp = self._known, self._folder.stamp()
        if known and known[0] == stamp:
            return known[1]
        found = latest_generation(self._folder)
        # A file system's clock may stand still for a while: what changes in that time shows no
        # other stamp, so none is kept before it is older than that.
        settled = stamp + _SETTLED < time.time_ns()
        self._known = (stamp, found) if settled else None
        return found


def next_generation(folder: Folder) -> int:
    """Return a number that no reader can have seen, not even of a commit that was withdrawn."""
    names = folder.names()
    seen = [int(found[1]) for name in names if (found := _TABLE.match(name))]
    if not generations(names) and any(map(is_segment, names)):
        # The table is lost, and with it the numbers that readers may have seen.
        return _AT_RANDOM + secrets.randbelow(_AT_RANDOM)
    return max(seen, default=-1) + 1


def read_contents(folder: Folder, generation: int, verified: Verified | None = None) -> TOC:
    """Return the table of *generation*. Raises FileNotFoundError, IndexDamaged."""
    name = file_name(generation)
    file = folder.open(name)
    ram = RamStorage()
    ram.files[name] = (verified or checked)(file.path, file.read(0, file.size))
    try:
        return TOC.read(ram, INDEX_NAME)
    except Exception as error:
        # Whole, and yet not to be understood: another version's, or another Whoosh's.
        raise EngineError(f"{file.path} cannot be read ({error!r}): {REMEDY}") from error


Verified = Callable[[Path, bytes], bytes]
"""Returns what is Whoosh's of a table file's content; raises IndexDamaged."""


def checked(path: Path, content: bytes) -> bytes:
    """Return Whoosh's part of *content*, a file's, if it is what was written."""
    table, trailer = content[: -_TRAILER.size], content[-_TRAILER.size :]
    if len(trailer) < _TRAILER.size or not trailer.endswith(_MAGIC):
        raise IndexDamaged(
            f"{path} was made by another program: name another folder. Or it is damaged (its end "
            f"is missing): {REMEDY}"
        )
    length, checksum, _ = _TRAILER.unpack(trailer)
    if length != len(table) or zlib.crc32(table) != checksum:
        raise IndexDamaged(f"{path} is damaged (it fails its checksum): {REMEDY}")
    return table


def checked_but_for_a_bit(path: Path, content: bytes) -> bytes:
    """Return Whoosh's part of *content*, of which one bit may be wrong."""
    for candidate in with_a_bit_flipped(content, _TRAILER.size):
        with suppress(IndexDamaged):
            return checked(path, candidate)
    table, trailer = content[: -_TRAILER.size], content[-_TRAILER.size :]
    if trailer.endswith(_MAGIC) and (found := mended(table, _TRAILER.unpack(trailer)[1])):
        return checked(path, found + trailer)
    return checked(path, content)


def write_contents(
    folder: Folder,
    generation: int,
    segments: list[ColumnarSegment],
    unsynced: Sequence[OpenFile] = (),
) -> None:
    """Make *segments*, whose files are synced but for those *unsynced*, the index's *generation*.

    A power cut at any moment leaves the old generation or the new one. So does an error: a table
    whose name may not have reached the disk is withdrawn.
    """
    name = file_name(generation)
    # The names of the segments first: of two that were not synced, the later may be the one kept.
    _write_unnamed(folder, name + _UNNAMED, _table(generation, segments), unsynced)
    try:
        folder.rename(name + _UNNAMED, name)
        folder.sync()
    except BaseException:
        _withdraw(folder, name)
        raise


def _withdraw(folder: Folder, name: str) -> None:
    # Renamed, not removed: a reader may have seen this generation, so its number is used up.
    try:
        if name in folder.names():
            folder.rename(name, name + _UNNAMED)
    except EngineError as error:
        raise EngineError(
            f"The disk of {folder.path} failed while the change was committed: the index is whole, "
            "with the change or without. See that the disk is sound, look, and try again."
        ) from error


def _table(generation: int, segments: list[ColumnarSegment]) -> bytes:
    ram = RamStorage()
    TOC(schema(), segments, generation).write(ram, INDEX_NAME)
    table: bytes = ram.files[file_name(generation)]
    return table + _TRAILER.pack(len(table), zlib.crc32(table), _MAGIC)


def _write_unnamed(folder: Folder, name: str, content: bytes, unsynced: Sequence[OpenFile]) -> None:
    """Write the file *name* and sync it, what is *unsynced*, and the names in *folder*."""
    file = folder.create(name)
    try:
        file.write(content, 0)
        folder.sync([*unsynced, file])
    except BaseException:
        with suppress(EngineError):
            folder.remove(name)
        raise
    finally:
        file.close()
