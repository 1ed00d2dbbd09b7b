"""Changes to an index: one at a time, all or none, behind Whoosh's lock.

lock  →  sweep what a killed writer left  →  add and delete  →  commit, or as if never begun
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from whoosh.index import TOC, FileIndex, clean_files
from whoosh.util.filelock import try_for
from whoosh.writing import CLEAR, SegmentWriter

from indexer.articles import Article
from indexer.engines.contract import EngineError, IndexBusy, Progress, StoredArticle, Written
from tests.engines.stock.entries import decode, entry
from tests.engines.stock.opening import check_build

LOCK_SECONDS = 10.0
_PROGRESS_STEP = 100


def add(index: FileIndex, articles: Iterable[Article], *, patience: float) -> Written:
    """Add *articles*, replacing those with the same id; wait *patience* seconds for the lock."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _writer(index, patience) as writer:
        ids = _add(index, writer, (StoredArticle(article, now) for article in articles), None)
        replaced = _delete(writer, ids)
        if ids:
            with _disk(index):
                writer.commit()
    return Written(added=len(ids) - replaced, replaced=replaced)


def delete(index: FileIndex, ids: Iterable[str], *, patience: float) -> int:
    """Remove the articles with these *ids*; return how many there were."""
    with _writer(index, patience) as writer:
        gone = _delete(writer, set(ids))
        if gone:
            with _disk(index):
                writer.commit()
    return gone


def rebuild(
    index: FileIndex, articles: Iterable[Article] | None, progress: Progress | None
) -> Written:
    """Write everything anew, from *articles* or those stored; readers see the old until the end."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _writer(index, LOCK_SECONDS) as writer:
        entries = (
            _stored(writer)
            if articles is None
            else (StoredArticle(article, now) for article in articles)
        )
        ids = _add(index, writer, entries, progress)
        with _disk(index):
            writer.commit(mergetype=CLEAR)
    return Written(added=len(ids), replaced=0)


@contextmanager
def _writer(index: FileIndex, patience: float) -> Iterator[SegmentWriter]:
    lock = index.lock("WRITELOCK")
    with _disk(index):
        # Whoosh's own writer would keep the lock when it fails, until it is garbage-collected.
        locked = try_for(lock.acquire, timeout=patience, delay=0.02)
    if not locked:
        raise IndexBusy(
            f"Another program has been writing to {index.storage.folder} for {patience:g} "
            "seconds: let it end, or stop it, and try again."
        )
    try:
        with _disk(index):
            _sweep(index)
            writer = SegmentWriter(index, _lk=False)
        try:
            check_build(writer.schema, index.storage.folder)
            yield writer
        finally:
            if not writer.is_closed:
                with suppress(Exception):  # what matters is the error that brought us here
                    writer.cancel()
                _sweep(index)
    finally:
        lock.release()


@contextmanager
def _disk(index: FileIndex) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"Cannot write to {index.storage.folder} ({error.strerror}): "
            "see that the disk has room, and that this user may write there."
        ) from error


def _sweep(index: FileIndex) -> None:
    folder = Path(index.storage.folder)
    shutil.rmtree(folder / f"{index.indexname}.tmp", ignore_errors=True)
    for unnamed in folder.glob("*.toc.*"):
        unnamed.unlink(missing_ok=True)
    toc = TOC.read(index.storage, index.indexname)
    clean_files(index.storage, index.indexname, toc.generation, toc.segments)


def _add(
    index: FileIndex,
    writer: SegmentWriter,
    entries: Iterable[StoredArticle],
    progress: Progress | None,
) -> set[str]:
    places: dict[str, int] = {}
    for number, new in enumerate(entries, 1):
        if (earlier := places.get(new.article.id)) is not None:
            writer.newsegment.delete_document(earlier)
        places[new.article.id] = writer.docnum
        with _disk(index):
            writer.add_document(**entry(new.article, new.indexed_at))
        if progress and number % _PROGRESS_STEP == 0:
            progress(number)
    if progress:
        progress(len(places))
    return set(places)


def _delete(writer: SegmentWriter, ids: Iterable[str]) -> int:
    gone = 0
    reader = writer.reader()
    for article_id in ids:
        if ("id", article_id) in reader:
            for number in list(reader.postings("id", article_id).all_ids()):
                writer.delete_document(number)
                gone += 1
    reader.close()
    return gone


def _stored(writer: SegmentWriter) -> Iterator[StoredArticle]:
    reader = writer.reader()
    for number in reader.all_doc_ids():
        stored = reader.stored_fields(number)
        if "article" not in stored:
            raise EngineError(
                f"The index in {writer.storage.folder} was made by another program: "
                "name another folder."
            )
        yield StoredArticle(decode(stored, raw=True), stored["indexed_at"])
    reader.close()
