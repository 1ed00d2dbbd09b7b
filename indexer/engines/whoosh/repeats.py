"""Ids that came twice in one load, perhaps into two segments: one article stays for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.engines.coming import Shareable
from indexer.engines.whoosh.bulk import Built, portion_and_row
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment


def without_repeats(
    built: Sequence[Built], columns: Sequence[Columns], hashes: Array, source: Shareable | None
) -> list[ColumnarSegment]:
    """Return the new segments so that each id, as their *columns* tell, stands once.

    *hashes* are those of all ids, one segment behind the other.
    Of two articles the later stays, or, where they came in portions of *source*, the earlier; then
    it is told.
    """
    order = np.concatenate([each.order for each in built])
    ends = np.cumsum([len(each.order) for each in built])
    pairs = _repeats(hashes, order, first_stays=source is not None)

    def id_at(row: int) -> str:
        place = int(np.searchsorted(ends, row, side="right"))
        return columns[place].id_of(row - (int(ends[place - 1]) if place else 0))

    gone = []
    for row, stays in zip(*(each.tolist() for each in pairs), strict=True):
        if (its_id := id_at(row)) != id_at(stays):
            continue  # two ids may share a hash
        gone.append(row)
        if source:
            places = (portion_and_row(int(order[each])) for each in (row, stays))
            source.repeated(its_id, *places)
    return [
        each.segment.without(its_gone) if len(its_gone) else each.segment
        for each, its_gone in zip(built, _parted(np.array(gone, np.intp), ends), strict=True)
    ]


def _parted(rows: Array, ends: Array) -> Iterator[Array]:
    """Yield for each segment, which end at *ends*, the numbers of its articles among *rows*."""
    begin = 0
    for end in ends.tolist():
        yield rows[(begin <= rows) & (rows < end)] - begin
        begin = end


def _repeats(hashes: Array, order: Array, *, first_stays: bool) -> tuple[Array, Array]:
    """Return the rows of articles that do not stay, in order, and of those that stay for them."""
    ranked = np.lexsort([order if first_stays else ~order, hashes])
    again = np.zeros(len(ranked), bool)
    again[1:] = hashes[ranked[1:]] == hashes[ranked[:-1]]
    stays = np.maximum.accumulate(np.where(again, 0, np.arange(len(ranked))))
    came = order[ranked[again]].argsort()
    return ranked[again][came], ranked[stays[again]][came]
