"""Another index put in the place of the one that serves, at once.

    keep what there is → link the new segments under names of their own
        → the table of contents, synced, named → old files removed

Readers see the one or the other. No file of the old index is touched before the table has changed.
"""

from __future__ import annotations

from indexer.engines.whoosh import previous
from indexer.engines.whoosh.contents import latest_generation, next_generation, write_contents
from indexer.engines.whoosh.generation import Held
from indexer.engines.whoosh.leftovers import clear
from indexer.engines.whoosh.segment import ColumnarSegment, is_segment
from indexer.engines.whoosh.storage import Folder


def switch(folder: Folder, source: Folder, held: Held, *, keep: bool = True) -> None:
    """Make *held*, whose files stand in *source*, the index in *folder*; the lock is held.

    *held* is of this version. With *keep* what there is now stays, for a way back.
    """
    previous.settle(folder, folder.names())
    # By their names, not by a table that may be damaged: that is when backups are needed.
    there = [name for name in folder.names() if is_segment(name)]
    if latest_generation(folder) < 0 and not there:
        # The table first: segments without one are a damaged index to whoever finds them.
        write_contents(folder, next_generation(folder), [])
    elif keep:
        previous.keep(folder, there)
    segments = []
    for segment in held.contents.segments:
        renamed = ColumnarSegment(ColumnarSegment.new_id(), segment.articles, segment.deleted)
        source.link(segment.file_name, folder, renamed.file_name)
        segments.append(renamed)
    generation = next_generation(folder)
    write_contents(folder, generation, segments)
    clear(folder, generation, segments)
