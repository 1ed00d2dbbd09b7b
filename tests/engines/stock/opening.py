"""From a folder to an index that this code can read, or to the reason why not."""

from __future__ import annotations

import time
from pathlib import Path

from whoosh.fields import Schema
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.reading import IndexReader

from indexer.engines.contract import EngineError, IndexMissing, IndexOutdated
from indexer.italian import CHAIN
from tests.engines.stock.schema import FORMAT, schema
from tests.engines.stock.storage import DurableStorage

_NAME = "MAIN"  # Whoosh's own default, so that its open_dir finds the index
_LISTINGS = 3


def create(folder: Path) -> None:
    """Make an empty index in *folder* unless there is one."""
    storage = DurableStorage(folder)
    if latest_generation(storage) >= 0:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = storage.lock(f"{_NAME}_WRITELOCK")
        lock.acquire(blocking=True)  # nobody holds it for long where there is no index yet
        try:
            if latest_generation(storage) < 0:
                TOC.create(storage, schema(), _NAME)
        finally:
            lock.release()
    except OSError as error:
        raise EngineError(
            f"Cannot make an index in {folder} ({error.strerror}): "
            "name another folder, or give this user the right to write there."
        ) from error


def open_index(folder: Path, *, as_now: bool = False) -> FileIndex:
    """Open the index in *folder*; *as_now* overlooks which schema it was built with."""
    storage = DurableStorage(folder)
    if latest_generation(storage) < 0:
        raise IndexMissing(
            f"There is no index in {folder}: "
            f"python -m indexer add PATH --index whoosh:{folder} makes one."
        )
    try:
        return FileIndex(storage, schema=schema() if as_now else None, indexname=_NAME)
    except Exception as error:
        raise _damaged(folder, error) from error


def open_reader(index: FileIndex) -> IndexReader:
    """Open the latest generation of *index*."""
    folder = index.storage.folder
    try:
        reader = index.reader()
    except EmptyIndexError:
        raise IndexMissing(
            f"The index in {folder} is gone: put it back, or make it anew."
        ) from None
    except Exception as error:
        raise _damaged(folder, error) from error
    check_build(reader.schema, folder)
    return reader


def check_build(found: Schema, folder: str) -> None:
    """Raise IndexOutdated unless this format and this Italian chain built the index."""
    build = dict(found.items()).get("build")
    if build is None or (build.index_format, build.chain) != (FORMAT, CHAIN):
        have = f"format {build.index_format}, chain {build.chain}" if build else "none of ours"
        raise IndexOutdated(
            f"The index in {folder} was built by another version of Ritaglio ({have}; this one "
            f"needs format {FORMAT}, chain {CHAIN}): python -m indexer rebuild --index "
            f"whoosh:{folder} builds it anew from the articles it holds."
        )


def latest_generation(storage: DurableStorage) -> int:
    """Return the number of the latest commit in *storage*, -1 where there is no index."""
    for _ in range(_LISTINGS):
        # A listing that runs while a commit swaps tables of contents may see neither.
        if (generation := int(TOC._latest_generation(storage, _NAME))) >= 0:
            return generation
        time.sleep(0.001)
    return -1


def _damaged(folder: Path | str, error: Exception) -> EngineError:
    # Whoosh meets a damaged file with any of some twenty kinds of exceptions.
    return EngineError(
        f"The index in {folder} cannot be read ({error!r}): restore a copy, or move the folder "
        "away and add the articles again."
    )
