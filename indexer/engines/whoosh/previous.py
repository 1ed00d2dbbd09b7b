"""The index as it was before another took its place, kept for a way back.

    before the switch   its files are linked into previous.new/    (no room, no time)
    the switch          a new table of contents                    (writing.py, switching.py)
    after it            previous.new/ becomes previous/

previous/ is an index like any other. Its files take room once the index itself has dropped them.
Whoever dies on the way leaves previous.new/; the next writer sees by its generation whether the
switch was made, and finishes or undoes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress

from indexer.engines.whoosh.contents import file_name, latest_generation
from indexer.engines.whoosh.ours import COMING, KEPT, check_ours, is_ours
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.staging import discard
from indexer.engines.whoosh.storage import Folder


def kept_in(folder: Folder) -> Folder:
    """Return where the index before the one in *folder* is kept, if it is."""
    return folder.inside(KEPT)


def check_room(folder: Folder) -> None:
    """Raise EngineError where something else lies in the places of what is kept."""
    there = folder.names()
    for name in (KEPT, COMING):
        if name in there:
            check_ours(folder, name)


def keep(folder: Folder, segments: Iterable[str]) -> None:
    """Link the latest table and its *segments*, just before the switch; the lock is held."""
    check_room(folder)
    coming = folder.inside(COMING)
    with refusals(coming.path):
        coming.make()
    for name in segments:
        with suppress(FileNotFoundError):  # a damaged index: what there is of it is kept
            folder.link(name, coming, name)
    # The table comes last: without it, nothing is kept.
    if (generation := latest_generation(folder)) >= 0:
        table = file_name(generation)
        folder.link(table, coming, table)
    else:  # lost: an empty one, which a repair takes as such
        coming.create(file_name(0)).close()
    coming.sync()


def settle(folder: Folder, names: Collection[str]) -> None:
    """Finish or undo what a `keep` began, whoever began it; the lock is held.

    *names* are those in *folder*. What is not ours stays as it is, in the way of the next `keep`
    and of nothing else.
    """
    if COMING not in names or not all(is_ours(folder, each) for each in (COMING, KEPT)):
        return
    if 0 <= latest_generation(folder.inside(COMING)) < latest_generation(folder):
        forget(folder)
        folder.rename(COMING, KEPT)
        folder.sync()
    else:
        discard(folder, COMING)


def forget(folder: Folder) -> None:
    """Remove the index that is kept, if one is."""
    if KEPT in folder.names():
        discard(folder, KEPT)
