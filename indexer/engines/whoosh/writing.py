"""Changes to an index: one writer at a time, all or none, durable before they are seen.

lock → sweep what a killed writer left → new segments → deletions → merges
     → the table of contents, all synced, then named (contents.py) → old files removed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from whoosh.index import TOC

from indexer.articles import Article
from indexer.engines.coming import Shareable, stamped
from indexer.engines.contract import EngineError, NoRoom, StoredArticle, Written
from indexer.engines.whoosh.beside import PartHelper, build_beside
from indexer.engines.whoosh.building import merge
from indexer.engines.whoosh.bulk import LITTLE, Built, build, build_portions
from indexer.engines.whoosh.columns import hash_id
from indexer.engines.whoosh.contents import next_generation, write_contents
from indexer.engines.whoosh.distinct import distinct
from indexer.engines.whoosh.leftovers import clear, sweep
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.opening import check_build, check_there
from indexer.engines.whoosh.policy import to_merge
from indexer.engines.whoosh.repeats import without_repeats
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.storage import Folder

LOCK_SECONDS = 10.0


@dataclass(slots=True)
class Known:
    """What an engine knows from before, so that a writer need not find it out anew."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    """Words; whoever has the folder's lock uses it, and it learns."""
    files: Mapping[str, SegmentFile] = field(default_factory=dict)
    """Open segments by their names, which never mean another file. Never changed, but replaced."""
    helpers: Sequence[PartHelper] = ()
    """Processes that build a part of what is much."""


class Change:
    """The index as it will be once the change is committed."""

    def __init__(
        self, folder: Folder, segments: Iterable[ColumnarSegment], known: Known | None = None
    ) -> None:
        self._folder = folder
        self._known = known or Known()
        self._segments = list(segments)
        self._synced = {each.segid for each in self._segments}
        self._files = dict(self._known.files)

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return sum(each.doc_count() for each in self._segments)

    def load(self, articles: Iterable[Article], jobs: int) -> Written:
        """Add *articles*, read by the processes that index them where they can be shared."""
        if jobs == 1 or not isinstance(articles, Shareable) or not articles.is_longer_than(LITTLE):
            return self.add(stamped(articles), jobs)
        return self._added(list(build_portions(self._folder, articles, jobs)), articles)

    def add(self, articles: Iterable[StoredArticle], jobs: int) -> Written:
        """Add *articles*; of those with one id, here or in the index before, the last stays."""
        return self._learning(build(self._folder, articles, jobs, self._known.lexicon))

    def put(self, articles: Sequence[StoredArticle]) -> Written:
        """Add *articles* as `add` does, with the helpers that there are."""
        known = self._known
        return self._learning(build_beside(known.helpers, self._folder, articles, known.lexicon))

    def _learning(self, coming: Iterator[Built]) -> Written:
        try:
            built = list(coming)
        except BaseException:
            self._known.lexicon.forget()  # it was perhaps halfway through a word
            raise
        return self._added(built)

    def _added(self, built: list[Built], source: Shareable | None = None) -> Written:
        """Add what is *built*: of articles with one id the last stays, of a *source* the first."""
        if not built:
            return Written(0, 0)
        columns = [self._file(each.segment).columns for each in built]
        hashes = np.concatenate([each.hashes() for each in columns])
        ids, new = distinct(hashes), [each.segment for each in built]
        if len(ids) < len(hashes):
            new = without_repeats(built, columns, hashes, source)
        replaced = self._delete(
            ids,
            lambda article_id: any(self._file(each).columns.numbers_of(article_id) for each in new),
        )
        self._segments += new
        return Written(sum(each.doc_count() for each in new) - replaced, replaced)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with these *ids*; return how many there were."""
        wanted = set(ids)
        if not wanted:
            return 0
        hashes = np.array([hash_id(article_id) for article_id in wanted], np.uint64)
        return self._delete(hashes, wanted.__contains__)

    def _delete(self, hashes: Array, wanted: Callable[[str], bool]) -> int:
        gone = 0
        for place, segment in enumerate(self._segments):
            columns = self._file(segment).columns
            numbers = columns.numbers_hashed(hashes)
            if not len(numbers):  # of most segments, when a few articles are written
                continue
            if (deleted := segment.deleted_mask()) is not None:
                numbers = numbers[~deleted[numbers]]
            # Two ids may share a hash: what counts is the id.
            numbers = np.array([n for n in numbers.tolist() if wanted(columns.id_of(n))], np.intp)
            if len(numbers):
                self._segments[place] = segment.without(numbers)
                gone += len(numbers)
        return gone

    def commit(self) -> None:
        """Merge what the policy asks for, and make the change the index's next generation."""
        self._segments = [each for each in self._segments if each.doc_count()]
        # Where there is no room to merge there may be enough for the change itself.
        with suppress(NoRoom):
            while chosen := to_merge(self._segments):
                self._merge(chosen)
        generation = next_generation(self._folder)
        new = [each for each in self._segments if each.segid not in self._synced]
        unsynced = [self._file(each).file for each in new]
        write_contents(self._folder, generation, self._segments, unsynced)
        # Not before: what is never committed is not to stay open, since its room is needed.
        kept = {each.segid for each in self._segments}
        self._known.files = {name: file for name, file in self._files.items() if name in kept}
        clear(self._folder, generation, self._segments)

    def _merge(self, chosen: list[ColumnarSegment]) -> None:
        for each in chosen:  # what has changed since it was compared must get no new checksums
            self._file(each).sections.compare_anew()
        merged = merge(self._folder, [(self._file(each), each.deleted_mask()) for each in chosen])
        place = self._segments.index(chosen[0])
        self._segments = [each for each in self._segments if each not in chosen]
        self._segments.insert(place, merged)

    def _file(self, segment: ColumnarSegment) -> SegmentFile:
        if segment.segid not in self._files:
            self._files[segment.segid] = SegmentFile(self._folder.open(segment.file_name))
        return self._files[segment.segid]


def add(
    folder: Folder,
    articles: Iterable[Article],
    *,
    patience: float,
    jobs: int,
    known: Known,
) -> Written:
    """Add *articles*, replacing those with the same id; wait *patience* seconds for the lock."""
    with _changing(folder, patience) as contents:
        change = Change(folder, contents.segments, known)
        written = change.load(articles, jobs)
        if written != Written(0, 0):
            change.commit()
    return written


def delete(folder: Folder, ids: Iterable[str], *, patience: float, known: Known) -> int:
    """Remove the articles with these *ids*; return how many there were."""
    with _changing(folder, patience) as contents:
        change = Change(folder, contents.segments, known)
        gone = change.delete(ids)
        if gone:
            change.commit()
    return gone


def change(
    folder: Folder,
    decide: Callable[[TOC], Mapping[str, StoredArticle | None]],
    *,
    patience: float,
    known: Known,
) -> None:
    """Put in the place of ids what *decide* says, asked once nobody else can write.

    It is told the table of contents that it decides on.
    """
    with _changing(folder, patience) as contents:
        decided = decide(contents)
        change = Change(folder, contents.segments, known)
        coming = [stored for stored in decided.values() if stored]
        gone = change.delete(its for its, stored in decided.items() if stored is None)
        if change.put(coming) != Written(0, 0) or gone:
            change.commit()


@contextmanager
def _changing(folder: Folder, patience: float) -> Iterator[TOC]:
    """Hold the lock and yield the table of contents to be changed; sweep if that comes to grief."""
    check_there(folder)
    with locked(folder, patience):
        contents = sweep(folder)
        try:
            check_build(contents.schema, folder.path)
            yield contents
        except BaseException:
            with suppress(EngineError):
                sweep(folder)
            raise
