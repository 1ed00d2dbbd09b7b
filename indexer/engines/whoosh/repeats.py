"""Ids that came twice in one load, perhaps into two segments: one article stays for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines.coming import Shareable
from indexer.engines.whoosh.bulk import Built, portion_and_row
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment


def without_repeats(
    built: Sequence[Built], columns: Sequence[Columns], source: Shareable | None
) -> list[ColumnarSegment]:
    """Return the new segments so that each id, as their *columns* tell, stands once.

    Of two articles the later stays, or, where they came in portions of *source*, the earlier; then
    it is told.
    """
    order = np.concatenate([each.order for each in built])
    ends = np.cumsum([len(each.order) for each in built])
    hashes = np.concatenate([each.hashes() for each in columns])
    gone, stays = _repeats(hashes, order, first_stays=source is not None)
    segments = np.searchsorted(ends, gone, side="right")
    numbers = gone - np.append(0, ends)[segments]
    if source:
        for row in order[gone].argsort().tolist():
            source.repeated(
                columns[segments[row]].id_of(numbers[row]),
                portion_and_row(int(order[gone[row]])),
                portion_and_row(int(order[stays[row]])),
            )
    new = []
    for place, each in enumerate(built):
        its_gone = numbers[segments == place]
        new.append(each.segment.without(its_gone) if len(its_gone) else each.segment)
    return new


def _repeats(hashes: Array, order: Array, *, first_stays: bool) -> tuple[Array, Array]:
    """Return the rows of articles that do not stay, and of those that stay in their places."""
    ranked = np.lexsort([order if first_stays else ~order, hashes])
    again = np.zeros(len(ranked), bool)
    again[1:] = hashes[ranked[1:]] == hashes[ranked[:-1]]
    stays = np.maximum.accumulate(np.where(again, 0, np.arange(len(ranked))))
    return ranked[again], ranked[stays[again]]
