"""Looking through an index, all of it: what it consists of, every block, what does not fit.

Writers and readers go on meanwhile: what is looked at is one generation, whose files are held open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexer.engines.contract import EngineError, IndexDamaged
from indexer.engines.integrity import Checkup, Damage, Looked
from indexer.engines.whoosh.contents import (
    Verified,
    checked,
    file_name,
    latest_generation,
    read_contents,
)
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.opening import check_build, check_there
from indexer.engines.whoosh.segment import ColumnarSegment, is_segment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.structure import misfits, unreadable

_TRIES = 20


@dataclass(frozen=True)
class Held:
    """A generation's segments and files; where its table is damaged, all segments there are."""

    table: Damage | None
    segments: tuple[tuple[ColumnarSegment, OpenFile | None], ...]

    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for _, file in self.segments if file)


def check(folder: Folder, began: Callable[[int], None], looked: Looked) -> Checkup:
    """Look through the index in *folder*; tell how many bytes that takes, and of each stretch."""
    held = hold(folder)
    began(held.size())
    damages = [held.table] if held.table else []
    for segment, file in held.segments:
        if (damage := examine(segment, file, looked)) is not None:
            damages.append(damage)
    return Checkup(
        files=1 + len(held.segments),
        bytes=held.size(),
        articles=sum(segment.doc_count() for segment, _ in held.segments),
        damages=tuple(damages),
    )


def hold(folder: Folder, verified: Verified = checked) -> Held:
    """Open the files of the latest generation."""
    for _ in range(_TRIES):
        generation = latest_generation(folder)
        try:
            check_there(folder)
            contents = read_contents(folder, generation, verified)
        except FileNotFoundError:
            continue  # a commit came between
        except IndexDamaged as error:
            table = file_name(generation if generation >= 0 else "N")
            damage = Damage(table, (str(error),), None)
            names = sorted(filter(is_segment, folder.names()))
            return Held(damage, tuple(_without_table(folder, name) for name in names))
        check_build(contents.schema, folder.path)
        files = [(each, _open(folder, each.file_name)) for each in contents.segments]
        if latest_generation(folder) == generation:
            return Held(None, tuple(files))
    raise EngineError(f"{folder.path} changes too often to be looked at: try again.")


def _open(folder: Folder, name: str) -> OpenFile | None:
    try:
        return folder.open(name)
    except FileNotFoundError:
        return None


def _without_table(folder: Folder, name: str) -> tuple[ColumnarSegment, OpenFile | None]:
    file = _open(folder, name)
    try:
        articles = SegmentFile(file).articles if file else 0
    except IndexDamaged:
        articles = 0
    return ColumnarSegment.of_file(name, articles), file


def examine(segment: ColumnarSegment, file: OpenFile | None, looked: Looked) -> Damage | None:
    """Return what is wrong with a segment's file, None where it is whole."""
    name, living = segment.file_name, segment.doc_count() or None
    if file is None:
        return Damage(name, ("it is missing",), living)
    try:
        opened = SegmentFile(file)
    except Exception as error:  # whole checksums and yet nothing fits: anything may be raised
        return Damage(name, (_told(error),), living)
    what = list(opened.sections.damaged_blocks(looked)) or _misfits(opened, segment)
    lost = lost_ids(opened, segment)
    return Damage(name, tuple(what), living, lost) if what or lost else None


def _misfits(opened: SegmentFile, segment: ColumnarSegment) -> list[str]:
    try:
        return list(misfits(opened, segment))
    except Exception as error:
        return [_told(error)]


def lost_ids(opened: SegmentFile, segment: ColumnarSegment) -> tuple[str, ...]:
    """Return which living articles cannot be read: by id, else as their number in the file."""
    dead = segment.deleted_mask()
    return tuple(
        name or f"number {number} of {segment.file_name}"
        for number, name in unreadable(opened)
        if dead is None or not dead[number]
    )


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, EngineError) else repr(error)
