"""An index built anew beside the one that serves, while that is read and written on.

    hold the generation there is → build beside it, as long as it takes
        → carry over what has changed meanwhile, and again → lock → carry over the rest → switch

Nobody waits but for the last stretch. A write that is acknowledged at any moment of it is in the
new index too; whoever dies on the way leaves a folder that the next writer removes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.articles import Article
from indexer.engines.coming import counted
from indexer.engines.contract import Progress, StoredArticle, Written
from indexer.engines.whoosh.changes import changes
from indexer.engines.whoosh.contents import latest_generation, read_contents
from indexer.engines.whoosh.generation import Held, hold
from indexer.engines.whoosh.leftovers import sweep
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.opening import create
from indexer.engines.whoosh.previous import check_room
from indexer.engines.whoosh.staging import staging
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.switching import switch
from indexer.engines.whoosh.writing import Change

_ROUNDS = 5  # of carrying over without the lock: each has less to do than the one before
_PATIENCE = 600.0  # seconds; a load may hold the lock, and what was built is worth the wait


def rebuild(
    folder: Folder,
    articles: Iterable[Article] | None = None,
    progress: Progress | None = None,
    *,
    jobs: int = 1,
    keep: bool = True,
) -> Written:
    """Build the index in *folder* anew, from *articles* or from those it holds.

    Readers see the old index until the new one is complete; a crash leaves one or the other.
    What others write meanwhile is in both. With *keep* the old one stays, for a way back.
    *progress* hears of articles that the index holds; whoever brings some counts them.
    """
    held = hold(folder)
    if keep:
        check_room(folder)  # before the work, too
    with staging(folder) as beside:
        create(beside)
        change = Change(beside, [])
        if articles is None:
            written = change.add(counted(_stored(held), progress), jobs)
        else:
            written = change.load(articles, jobs)
        change.commit()
        for _ in range(_ROUNDS):
            held, before = hold(folder), held
            if not _carried_over(beside, before, held, jobs):
                break
        with locked(folder, _PATIENCE):
            sweep(folder)
            _carried_over(beside, held, hold(folder), jobs)
            switch(folder, beside, hold(beside), keep=keep)
    return written


def _carried_over(beside: Folder, before: Held, now: Held, jobs: int) -> bool:
    """Write to *beside* what has changed from *before* to *now*; tell whether anything has."""
    if now.contents.generation == before.contents.generation:
        return False
    found = changes(before, now)
    change = Change(beside, read_contents(beside, latest_generation(beside)).segments)
    gone = change.delete(found.gone)
    if change.add(found.coming(), jobs) != Written(0, 0) or gone:
        change.commit()
    return True


def _stored(held: Held) -> Iterator[StoredArticle]:
    """Yield the living articles as they lie there: in another order blocks are unpacked often."""
    for segment in held.contents.segments:
        file, deleted = held.files[segment.file_name], segment.deleted_mask()
        for number in range(segment.articles):
            if deleted is None or not deleted[number]:
                yield file.article(number, raw=True)
