"""Mending an index: what is whole stays, what can be read is indexed anew, the rest is named.

A damaged segment is given up, and its articles that can still be read become a new one. Single
flipped bits are undone first, in memory: a lost dictionary would cost the texts of thousands. The
damaged files get a second name, under which they stay beside the index, before it changes: a repair
that dies has cost nothing, and the next one begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from msgspec import structs

from indexer.engines.contract import EngineError, IndexDamaged, StoredArticle
from indexer.engines.integrity import Looked, Repair
from indexer.engines.whoosh import previous
from indexer.engines.whoosh.checking import examine, hold
from indexer.engines.whoosh.contents import DAMAGED, checked_but_for_a_bit
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.leftovers import sweep
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.mended_file import MendedFile
from indexer.engines.whoosh.opening import check_there
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.writing import LOCK_SECONDS, Change


def repair(folder: Folder, began: Callable[[int], None], looked: Looked, *, jobs: int) -> Repair:
    """Mend the index in *folder*, whose segments are looked through first as by a check."""
    with suppress(IndexDamaged):  # whose table is lost: that is mended, too
        check_there(folder)
    with locked(folder, LOCK_SECONDS):
        # Before the generation changes: what a rebuild that died was about to keep is no way back.
        previous.settle(folder, folder.names())
        table = hold(folder).table
        held = hold(folder, checked_but_for_a_bit)
        began(held.size())
        damages = [table] if table else []
        whole: list[ColumnarSegment] = []
        salvage = Salvage()
        for segment, file in held.segments:
            damage = examine(segment, file, looked)
            if damage is not None:
                damages.append(damage)
            # Without a table nobody knows which articles live, and all are gone through.
            if damage is not None or held.table is not None:
                salvage.take(segment, file)
            else:
                whole.append(segment)
        change = Change(folder, whole)
        if damages:
            try:
                change.add(salvage.newest() if held.table else salvage.articles(), jobs)
                _set_aside(folder, [each.file for each in damages])
                change.commit()
            except BaseException:
                with suppress(EngineError):  # without a table nobody knows what is left over
                    check_there(folder)
                    sweep(folder)
                raise
    return Repair(
        damages=tuple(damages),
        articles=change.articles,
        lost=tuple(salvage.lost),
        unknown_lost=salvage.unknown_lost,
        without_raw=tuple(salvage.without_raw),
        deletions_forgotten=held.table is not None,
    )


def _set_aside(folder: Folder, files: Iterable[str]) -> None:
    """Give damaged *files* a second name; the commit makes it durable, and takes the first."""
    for name in files:
        there = folder.names()
        if name + DAMAGED in there:  # of a repair that died; a copy may be cut short
            folder.remove(name + DAMAGED)
        if name in there:
            folder.link(name, folder, name + DAMAGED)


class Salvage:
    """The articles of damaged segments that can still be read, and the names of those that not."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.without_raw: list[str] = []
        self.unknown_lost = 0
        self._files: list[tuple[ColumnarSegment, SegmentFile, SegmentFile]] = []

    def take(self, segment: ColumnarSegment, file: OpenFile | None) -> None:
        """Take a segment."""
        try:
            if file is not None:
                mended = MendedFile(file)
                trusted = SegmentFile(mended)
                trusted.sections.trust()
                self._files.append((segment, SegmentFile(mended), trusted))
                return
        except EngineError:
            pass
        self.unknown_lost += segment.doc_count()

    def articles(self) -> Iterator[StoredArticle]:
        """Yield every living article that can be read."""
        for segment, file, trusted in self._files:
            dead = segment.deleted_mask()
            for number in range(file.articles):
                if dead is None or not dead[number]:
                    yield from self._read(file, trusted, number)

    def newest(self) -> Iterator[StoredArticle]:
        """Yield of each id the article that came last: which of them lived is not known."""
        latest: dict[str, tuple[str, int]] = {}
        unknown_lost = self.unknown_lost
        for place, stored in enumerate(self.articles()):
            known = latest.get(stored.article.id, ("", 0))
            latest[stored.article.id] = max(known, (stored.indexed_at, place))
        # They are gone through twice, and count once.
        self.lost, self.without_raw, self.unknown_lost = [], [], unknown_lost
        for place, stored in enumerate(self.articles()):
            if latest[stored.article.id] == (stored.indexed_at, place):
                yield stored

    def _read(
        self, file: SegmentFile, trusted: SegmentFile, number: int
    ) -> Iterator[StoredArticle]:
        known = _id(file, number)
        # Of a damaged block most is right: a compressed text tells by itself whether it is.
        for source in (file, trusted):
            try:
                stored = source.article(number)
            except Exception:  # what is damaged may end in anything
                continue
            if known in (None, stored.article.id):
                yield self._with_raw(stored, file, number)
                return
        if known is None:
            self.unknown_lost += 1
        else:
            self.lost.append(known)

    def _with_raw(self, stored: StoredArticle, file: SegmentFile, number: int) -> StoredArticle:
        try:
            raw = file.raw(number)
        except Exception:
            self.without_raw.append(stored.article.id)
            return stored
        return StoredArticle(structs.replace(stored.article, raw=raw), stored.indexed_at)


def _id(file: SegmentFile, number: int) -> str | None:
    try:
        return file.columns.id_of(number)
    except EngineError:
        return None
