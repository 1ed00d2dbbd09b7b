"""The way back to the index before a rebuild or a restore, as long as it is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from indexer.engines.contract import Copy, EngineError, IndexOutdated
from indexer.engines.whoosh import previous
from indexer.engines.whoosh.contents import latest_generation, read_contents
from indexer.engines.whoosh.generation import hold
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.opening import check_build, check_there
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.switching import switch
from indexer.engines.whoosh.writing import LOCK_SECONDS


def kept(folder: Folder) -> Copy | None:
    """Return what is kept beside the index in *folder*, None for nothing."""
    place = previous.kept_in(folder)
    generation = latest_generation(place)
    if generation < 0:
        return None
    articles = None
    with suppress(EngineError):  # another version's is kept for another version
        contents = read_contents(place, generation)
        check_build(contents.schema, place.path)
        articles = sum(segment.doc_count() for segment in contents.segments)
    with refusals(place.path):
        files = [path.stat() for path in place.path.iterdir()]
        # The folder's own time is that of its last link.
        changed = datetime.fromtimestamp(place.path.stat().st_mtime, UTC)
    return Copy(
        articles=articles,
        bytes=sum(file.st_size for file in files if file.st_nlink == 1),
        generation=generation,
        made=changed.isoformat(timespec="seconds"),
    )


def roll_back(folder: Folder) -> Copy:
    """Put back what is kept in *folder*, at once; what there is now is kept in turn."""
    check_there(folder)
    with locked(folder, LOCK_SECONDS):
        back = _kept(folder)
        source = previous.kept_in(folder)
        held = hold(source)
        try:
            check_build(held.contents.schema, source.path)
        except IndexOutdated as error:
            raise IndexOutdated(
                f"What is kept beside the index in {folder.path} was built by another version of "
                "Ritaglio, which alone can put it back: run rollback with that version, or "
                "rollback --forget to remove it; nothing was changed."
            ) from error
        held.verify_all()
        switch(folder, source, held)
    return back


def forget(folder: Folder) -> Copy:
    """Remove what is kept in *folder*; return what it was."""
    check_there(folder)
    with locked(folder, LOCK_SECONDS):
        gone = _kept(folder)
        previous.forget(folder)
    return gone


def _kept(folder: Folder) -> Copy:
    previous.settle(folder, folder.names())
    found = kept(folder)
    if found is None:
        raise EngineError(
            f"Nothing is kept beside the index in {folder.path}: only a rebuild or a restore "
            "keeps what was before, until it is told to forget it."
        )
    return found
