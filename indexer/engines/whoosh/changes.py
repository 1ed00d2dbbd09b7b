"""What has changed between two generations of an index, told without a log of changes.

A segment's file never changes, so what lives at the same place in both generations is the same.
What moved, since segments were merged, is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.engines.contract import StoredArticle
from indexer.engines.whoosh.generation import Held
from indexer.engines.whoosh.segment_file import SegmentFile

_Places = dict[str, tuple[SegmentFile, int]]  # id → where its article stands


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes of an older generation a newer one."""

    gone: tuple[str, ...]
    _old: _Places
    _new: _Places

    def coming(self) -> Iterator[StoredArticle]:
        """Yield the articles that are new, or not as they were."""
        for article_id, (file, number) in self._new.items():
            stored = file.article(number, raw=True)
            if article_id in self._old:
                before, its = self._old[article_id]
                if before.article(its, raw=True) == stored:
                    continue
            yield stored


def changes(before: Held, now: Held) -> Changes:
    """Return what has changed from *before* to *now*."""
    old, new = _elsewhere(before, now), _elsewhere(now, before)
    return Changes(tuple(article_id for article_id in old if article_id not in new), old, new)


def _elsewhere(one: Held, other: Held) -> _Places:
    """Return the articles that live in *one*, and not at the same place in *other*."""
    dead = {each.file_name: each.deleted_mask() for each in other.contents.segments}
    places: _Places = {}
    for segment in one.contents.segments:
        file, deleted = one.files[segment.file_name], segment.deleted_mask()
        living = np.ones(segment.articles, bool) if deleted is None else ~deleted
        if segment.file_name in dead:
            there = dead[segment.file_name]
            living &= False if there is None else there
        for number in np.flatnonzero(living).tolist():
            places[file.columns.id_of(number)] = (file, number)
    return places
