"""One generation of the index: its segments as they were, and the statistics over all of them.

A snapshot never changes and may be used by any number of threads at once; its files stay mapped
while a search runs, even when a later commit has removed them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from indexer.engines import ranking
from indexer.engines.order import UNDATED, date_of
from indexer.engines.whoosh import native
from indexer.engines.whoosh.columns import hash_id
from indexer.engines.whoosh.distinct import distinct
from indexer.engines.whoosh.native import segments
from indexer.engines.whoosh.native.segment import Mapped, MappedSegment, map_segments
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment_file import SegmentFile

_SEVERAL = 50  # ids that are looked up sooner all at once


class View:
    """A segment at one generation: its file, and which of its articles live."""

    def __init__(self, file: SegmentFile, deleted: Array | None) -> None:
        self.file = file
        self.articles = file.articles
        self.dead = None if deleted is None else np.flatnonzero(deleted)
        self.live = None if deleted is None else ~deleted
        self.living = file.articles - (0 if self.dead is None else len(self.dead))
        gone = 0 if self.dead is None else file.lengths[self.dead].sum(dtype=np.int64)
        self.words = file.words - int(gone)
        self.average = 1.0
        """Words of an article, over all segments."""

    @cached_property
    def norms(self) -> Array:
        """What dilutes a frequency; reckoned for the first search, since many commits see none."""
        relative = self.file.lengths / self.average
        norms = ranking.K1 * (1 - ranking.B + ranking.B * relative)
        return np.asarray(norms, np.float32)

    @cached_property
    def kernels(self) -> segments.Kernels | None:
        """The kernels over this segment, where they were built."""
        library = native.library()
        if library is None:
            return None
        return segments.Kernels(library, MappedSegment(self.file.mapped, self.norms))


class Snapshot:
    """The views of one generation."""

    def __init__(self, views: Sequence[View], generation: int) -> None:
        self.views = tuple(views)
        self.generation = generation
        self._writings = [view.file.sections.was_written for view in views]
        self.articles = sum(view.living for view in views)
        average = sum(view.words for view in views) / max(1, self.articles)
        for view in views:
            view.average = average or 1.0
        # What located.py has looked up before.
        self.located: dict[object, Any] = {}
        self.stems: dict[object, Any] = {}
        self.forms: dict[str, int] = {}

    @cached_property
    def mapped(self) -> Mapped | None:
        """All segments as kernels take them, where these were built."""
        library = native.library()
        if library is None:
            return None
        # Of two threads that make a view's kernels at once one takes the other's place: what is
        # listed here is held here.
        kernels = [own for view in self.views if (own := view.kernels)]
        return map_segments(
            library, [own.segment for own in kernels], [view.live for view in self.views]
        )

    @cached_property
    def recencies(self) -> tuple[Array, ...]:
        """What scores are multiplied by in the order MIX, an array for each view."""
        all_days = [view.file.columns.days for view in self.views]
        living = [
            days if view.live is None else days[view.live]
            for view, days in zip(self.views, all_days, strict=True)
        ]
        newest = date_of(max((int(days.max(initial=UNDATED)) for days in living), default=UNDATED))
        return tuple(_recency(days, newest) for days in all_days)

    def was_written(self) -> bool:
        """Tell whether somebody has written to one of the files since it was opened."""
        return any([was_written() for was_written in self._writings])

    def check_met(self) -> None:
        """Raise IndexDamaged while what was met damaged in a file still is."""
        for view in self.views:
            view.file.sections.check_met()

    def find(self, article_id: str) -> tuple[View, int] | None:
        """Return where the living article with this id stands."""
        hashed = hash_id(article_id)
        for view in self.views:
            for number in view.file.columns.numbers_of(article_id, hashed):
                if view.live is None or view.live[number]:
                    return view, number
        return None

    def find_all(self, ids: Collection[str]) -> Iterator[tuple[str, View, int]]:
        """Yield where the living articles with these ids stand, in any order."""
        if len(ids) < _SEVERAL:
            for its_id in ids:
                if found := self.find(its_id):
                    yield its_id, *found
            return
        wanted = frozenset(ids)
        hashes = distinct(np.array([hash_id(its_id) for its_id in wanted], np.uint64))
        for view in self.views:
            numbers = view.file.columns.numbers_hashed(hashes)
            if view.live is not None:
                numbers = numbers[view.live[numbers]]
            for number in numbers.tolist():
                if (its_id := view.file.columns.id_of(number)) in wanted:
                    yield its_id, view, number


def _recency(days: Array, newest: date | None) -> Array:
    """Reckon each of the distinct *days* once: an archive has thousands of them, not millions."""
    distinct, places = np.unique(days, return_inverse=True)
    dates = [date_of(day) for day in distinct.tolist()]
    ages = [(newest - day).days if newest and day else None for day in dates]
    worth: Array = np.array([ranking.recency(age) for age in ages], np.float32)
    return worth[places]
