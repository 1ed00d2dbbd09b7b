"""What words that stand together earn: the places of the query's stems in the best articles.

The best articles of all segments are given slots. A place is one number that sorts by pair of
stems, slot, part (title or text) and position, so that all neighbours are found at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh.located import locate_stem
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.terms import OfStem

_POSITION_BITS = 32
_PART_BIT = 1 << _POSITION_BITS
_SLOT_BITS = _POSITION_BITS + 1
_PAIR_BITS = _SLOT_BITS + 16


class Best(NamedTuple):
    """The articles to look at: their segments, and their numbers there."""

    segments: Array
    numbers: Array


def nearness(snapshot: Snapshot, pairs: Sequence[Neighbours], best: Best) -> Array:
    """Return what each of the *best* earns for *pairs* of stems that stand together."""
    stems = list(dict.fromkeys(stem for pair in pairs for stem in (pair.one, pair.other)))
    slots = len(best.numbers)
    norms = np.empty(slots, np.float32)
    located = [locate_stem(snapshot, stem, Scope.ARTICLE) for stem in stems]
    found: list[tuple[Array, Array]] = []
    for segment, view in enumerate(snapshot.views):
        own = np.flatnonzero(best.segments == segment)
        if len(own):
            norms[own] = view.norms[best.numbers[own]]
            forms = [each.by_segment[segment] for each in located]
            found.append(_places(view, forms, own, best.numbers[own]))
    rows = np.concatenate([each[0] for each in found])
    places = np.concatenate([each[1] for each in found])
    order = np.lexsort((places, rows))
    places = places[order]
    bounds = rows[order].searchsorted(np.arange(len(stems) + 1)).tolist()
    of_stem = {stem: places[bounds[i] : bounds[i + 1]] for i, stem in enumerate(stems)}
    together = _near(
        np.concatenate([of_stem[pair.one] + (i << _PAIR_BITS) for i, pair in enumerate(pairs)]),
        np.concatenate([of_stem[pair.other] + (i << _PAIR_BITS) for i, pair in enumerate(pairs)]),
    )
    in_text = together & _PART_BIT != 0
    counted = np.bincount(
        (together >> _PAIR_BITS) * slots + (together >> _SLOT_BITS & 0xFFFF),
        _REACH[_reach(pairs)[together >> _PAIR_BITS], in_text.astype(np.intp)],
        minlength=len(pairs) * slots,
    ).reshape(len(pairs), slots)
    rarities = [
        sum(locate_stem(snapshot, stem, pair.scope).rarity for stem in (pair.one, pair.other)) / 2
        for pair in pairs
    ]
    earned: Array = ranking.NEAR * (np.array(rarities) @ (counted / (counted + norms)))
    return earned.astype(np.float32)


# What a place counts, by scope: in a title, in a text.
_SCOPES = [Scope.ARTICLE, Scope.TITLE, Scope.TEXT]
_REACH = np.array([[ranking.TITLE, 1.0], [ranking.TITLE, 0.0], [0.0, 1.0]])


def _reach(pairs: Sequence[Neighbours]) -> Array:
    return np.array([_SCOPES.index(pair.scope) for pair in pairs], np.intp)


def _places(
    view: View, stems: Sequence[OfStem], slots: Array, numbers: Array
) -> tuple[Array, Array]:
    """Return the places of *stems* in articles of one segment, and which stem each is of."""
    starts = view.file.terms.posting_starts
    spans = [(int(starts[own.forms]), int(starts[own.beyond])) for own in stems]
    sizes = [stop - start for start, stop in spans]
    joined = SCRATCH.places("joined", [view.file.numbers[start:stop] for start, stop in spans])
    wanted = SCRATCH.zeros("wanted", view.articles, bool)
    wanted[numbers] = True
    among = SCRATCH.room("among", len(joined), bool)
    held = wanted.take(joined, out=among, mode="clip").nonzero()[0]
    if not len(held):
        return held, held
    slot_of = SCRATCH.room("slots", view.articles, np.int64)
    slot_of[numbers] = slots
    ends = np.cumsum(sizes)
    stem_of = ends.searchsorted(held, "right")
    postings = held + (np.array([start for start, _ in spans]) - (ends - sizes))[stem_of]
    # Where postings stand in the file, not in the query, decides what is read next to what.
    order = postings.argsort(kind="stable")
    postings, stem_of, holders = postings[order], stem_of[order], joined[held[order]]
    positions, counts = view.file.positions_of(postings)
    holders = holders.repeat(counts)
    at = positions.astype(np.int64)
    at[at > view.file.title_words[holders]] |= _PART_BIT
    return stem_of.repeat(counts), slot_of[holders] << _SLOT_BITS | at


def _near(ones: Array, others: Array) -> Array:
    """Return those of *ones* that have one of *others* near by, but not at the very place.

    Both ascend; two readings of a word share a place and count once.
    """
    ones = ones[np.concatenate([[True], ones[1:] != ones[:-1]])[: len(ones)]]
    window = ranking.NEAR_WINDOW
    near = others.searchsorted(ones + window, "right") - others.searchsorted(ones - window)
    same = others.searchsorted(ones, "right") - others.searchsorted(ones)
    return ones[near > same]
