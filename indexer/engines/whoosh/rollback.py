"""The way back to the index before a rebuild or a restore, as long as it is kept."""

from __future__ import annotations

from indexer.engines.contract import Copy, EngineError
from indexer.engines.whoosh import previous
from indexer.engines.whoosh.generation import hold
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.opening import check_build, check_there
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.switching import switch
from indexer.engines.whoosh.writing import LOCK_SECONDS


def roll_back(folder: Folder) -> Copy:
    """Put back what is kept in *folder*, at once; what there is now is kept in turn."""
    check_there(folder)
    with locked(folder, LOCK_SECONDS):
        back = _kept(folder)
        source = previous.kept_in(folder)
        held = hold(source)
        check_build(held.contents.schema, source.path)
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
    found = previous.describe(folder)
    if found is None:
        raise EngineError(
            f"Nothing is kept beside the index in {folder.path}: only a rebuild or a restore "
            "keeps what was before, until it is told to forget it."
        )
    return found
