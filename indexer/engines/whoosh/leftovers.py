"""What no generation holds any longer, or never did: removed by the next writer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from whoosh.index import TOC

from indexer.engines.contract import EngineError, IndexDamaged
from indexer.engines.whoosh import previous
from indexer.engines.whoosh.contents import file_name, generations, is_table, read_contents
from indexer.engines.whoosh.segment import ColumnarSegment, is_segment
from indexer.engines.whoosh.staging import sweep_stagings
from indexer.engines.whoosh.storage import SPILL, Folder


def sweep(folder: Folder) -> TOC:
    """Remove what writers that died left; return the latest table of contents, as it was read.

    The lock is held. Where there are two tables, since a commit met an error on its way, both
    keep their segments: nobody knows which of them a power cut would leave.
    """
    names = folder.names()
    previous.settle(folder, names)
    sweep_stagings(folder, names)
    *earlier, latest = generations(names)
    contents = read_contents(folder, latest)
    _sweep_segments(folder, names, contents.segments, earlier)
    return contents


def clear(folder: Folder, generation: int, segments: Iterable[ColumnarSegment]) -> None:
    """Remove what the commit of *generation*, which holds *segments*, has put out of use.

    The commit stands. What the disk refuses now is a leftover for the next writer, no failure.
    """
    with suppress(EngineError):
        _sweep_tables(folder, generation)
        names = folder.names()
        previous.settle(folder, names)
        sweep_stagings(folder, names)
        _sweep_segments(folder, names, segments, generations(names)[:-1])


def _sweep_segments(
    folder: Folder,
    names: Iterable[str],
    segments: Iterable[ColumnarSegment],
    earlier: Iterable[int],
) -> None:
    """Remove of *names* all but *segments*, and those of *earlier* tables."""
    kept = {each.file_name for each in segments}
    for generation in earlier:
        with suppress(IndexDamaged):
            kept |= {each.file_name for each in read_contents(folder, generation).segments}
    for name in names:
        if (is_segment(name) and name not in kept) or name.startswith(SPILL):
            _remove(folder, name)


def _sweep_tables(folder: Folder, generation: int) -> None:
    for name in folder.names():
        if is_table(name) and name != file_name(generation):
            _remove(folder, name)


def _remove(folder: Folder, name: str) -> None:
    # What cannot be removed now is a leftover for the next writer.
    with suppress(EngineError):
        folder.remove(name)
