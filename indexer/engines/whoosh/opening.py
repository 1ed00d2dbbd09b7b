"""From a folder to an index that this code can read, or to the reason why not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from whoosh.fields import Schema

from indexer.engines.contract import EngineError, IndexDamaged, IndexMissing, IndexOutdated
from indexer.engines.whoosh.contents import (
    file_name,
    latest_generation,
    next_generation,
    read_contents,
    write_contents,
)
from indexer.engines.whoosh.leftovers import clear
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.ours import check_vacant
from indexer.engines.whoosh.refusals import REMEDY
from indexer.engines.whoosh.schema import FORMAT
from indexer.engines.whoosh.segment import is_segment
from indexer.engines.whoosh.storage import Folder
from indexer.italian import CHAIN

_PATIENCE = 10.0  # seconds; nobody holds the lock for long where there is no index yet


def create(folder: Folder) -> bool:
    """Make an empty index in *folder* unless there is one; tell whether it was made.

    Raises EngineError where others' files lie, IndexDamaged where an index has lost its table.
    """
    if latest_generation(folder) >= 0:
        return False
    check_vacant(folder)
    try:
        folder.make()
    except OSError as error:
        raise EngineError(
            f"Cannot make an index in {folder.path} ({error.strerror}): "
            "name another folder, or give this user the right to write there."
        ) from error
    with locked(folder, _PATIENCE):
        if latest_generation(folder) >= 0:
            return False
        check_not_lost(folder)
        write_contents(folder, next_generation(folder), [])
    return True


def is_unfilled(folder: Folder) -> bool:
    """Tell whether an index was made in *folder* and nothing ever committed to it.

    So lies there what a first load that was killed leaves; an index that was emptied has
    committed that.
    """
    with suppress(EngineError, FileNotFoundError):  # damaged, or just being committed to
        return latest_generation(folder) == 0 and not read_contents(folder, 0).segments
    return False


def discard_empty(folder: Folder) -> None:
    """Remove the index in *folder* if it holds nothing: there is none then."""
    with locked(folder, _PATIENCE):
        generation = latest_generation(folder)
        if generation >= 0 and not read_contents(folder, generation).segments:
            clear(folder, generation, [])
            folder.sync()  # a power cut must not bring back a table whose segments are gone
            folder.remove(file_name(generation))
            folder.sync()


def check_there(folder: Folder) -> None:
    """Raise IndexMissing unless there is an index in *folder*, IndexDamaged if it has no table."""
    if latest_generation(folder) < 0:
        check_not_lost(folder)
        raise IndexMissing(
            f"There is no index in {folder.path}: "
            f"python -m indexer add PATH --index whoosh:{folder.path} makes one."
        )


def check_not_lost(folder: Folder) -> None:
    """Raise IndexDamaged where segments lie in *folder* and no table of contents."""
    # The table comes first and goes last, so whoever lost it lost it afterwards. Asked once more:
    # another process may have made an index meanwhile.
    if any(map(is_segment, folder.names())) and latest_generation(folder) < 0:
        raise IndexDamaged(
            f"The index in {folder.path} has lost its table of contents ({file_name('N')}); its "
            "articles are still there: restore a copy with --replace, or python -m indexer check "
            f"--repair --index whoosh:{folder.path} gathers them."
        )


def check_build(found: Schema, folder: Path) -> None:
    """Raise IndexOutdated unless this format and this Italian chain built the index."""
    build = dict(found.items()).get("build")
    if build is None or (build.index_format, build.chain) != (FORMAT, CHAIN):
        have = f"format {build.index_format}, chain {build.chain}" if build else "none of ours"
        raise IndexOutdated(
            f"The index in {folder} was built by another version of Ritaglio ({have}; this one "
            f"needs format {FORMAT}, chain {CHAIN}): python -m indexer rebuild --index "
            f"whoosh:{folder} builds it anew from the articles it holds."
        )


def damaged(folder: Path, error: Exception) -> EngineError:
    """Return the error of an index that cannot be read."""
    # A file that another version wrote may end in any kind of exception.
    return EngineError(f"The index in {folder} cannot be read ({error!r}): {REMEDY}")
