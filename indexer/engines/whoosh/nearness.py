"""What words that stand together earn: the places of the query's stems in the best articles.

The best articles of all segments are given slots. A place is one number that sorts by stem, slot,
part (title or text) and position, so that the neighbours of all places are found at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh.frequencies import times
from indexer.engines.whoosh.located import stem_idf
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View

_POSITION_BITS = 32
_PART_BIT = 1 << _POSITION_BITS
_SLOT_BITS = _POSITION_BITS + 1
_STEM_BITS = _SLOT_BITS + 16


class Best(NamedTuple):
    """The articles to look at: their segments, and their numbers there."""

    segments: Array
    numbers: Array


def nearness(snapshot: Snapshot, pairs: Sequence[Neighbours], best: Best) -> Array:
    """Return what each of the *best* earns for *pairs* of stems that stand together."""
    stems = {stem: row for row, stem in enumerate(dict.fromkeys(s for p in pairs for s in p[1:]))}
    places = np.sort(
        np.concatenate(
            [
                _places(view, list(stems), np.flatnonzero(best.segments == segment), best.numbers)
                for segment, view in enumerate(snapshot.views)
            ]
        )
    )
    ends = places.searchsorted(np.arange(1, len(stems) + 1) << _STEM_BITS)
    by_stem = [
        places[begin:end] - (row << _STEM_BITS)
        for row, (begin, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True))
    ]
    norms = np.concatenate([view.norms for view in snapshot.views])
    firsts = np.cumsum([0, *(view.articles for view in snapshot.views)])
    own_norms = norms[firsts[best.segments] + best.numbers]
    earned = np.zeros(len(best.numbers), np.float32)
    for scope, one, other in pairs:
        together = _near(by_stem[stems[one]], by_stem[stems[other]])
        in_text = (together & _PART_BIT).astype(bool)
        if scope is not Scope.ARTICLE:
            kept = in_text if scope is Scope.TEXT else ~in_text
            together, in_text = together[kept], in_text[kept]
        counted = np.bincount(
            together >> _SLOT_BITS,
            np.where(in_text, 1.0, ranking.TITLE),
            minlength=len(earned),
        )
        rarity = (stem_idf(snapshot, one, scope) + stem_idf(snapshot, other, scope)) / 2
        earned += ranking.NEAR * rarity * (counted / (counted + own_norms))
    return earned


def _places(view: View, stems: Sequence[str], slots: Array, numbers: Array) -> Array:
    """Return the places of *stems* in the articles of one segment."""
    if not len(slots):
        return np.zeros(0, np.int64)
    slot_of = np.full(view.articles, -1, np.int32)
    slot_of[numbers[slots]] = slots
    terms, file = view.file.terms, view.file
    found = []
    for row, stem in enumerate(stems):
        first, beyond = terms.forms_of_stem(stem)
        start, stop = terms.posting_starts[first], terms.posting_starts[beyond]
        own = file.numbers[start:stop]
        rows = np.flatnonzero(slot_of.take(own) >= 0)
        if not len(rows):
            continue
        held = times(file, partial(np.add, start), file.codes[start:stop])
        ends = np.cumsum(held)
        counts = held[rows]
        positions = file.positions[terms.position_starts[first] : terms.position_starts[beyond]]
        spread = np.repeat(ends[rows] - np.cumsum(counts), counts) + np.arange(counts.sum())
        holders = np.repeat(own[rows], counts)
        at = positions[spread].astype(np.int64)
        at[at > file.title_words[holders]] |= _PART_BIT
        found.append(row << _STEM_BITS | slot_of[holders].astype(np.int64) << _SLOT_BITS | at)
    return np.concatenate([np.zeros(0, np.int64), *found])


def _near(ones: Array, others: Array) -> Array:
    """Return those of *ones* that have one of *others* near by, but not at the very place.

    Both ascend; two readings of a word share a place and count once.
    """
    ones = ones[np.concatenate([[True], ones[1:] != ones[:-1]])[: len(ones)]]
    window = ranking.NEAR_WINDOW
    near = others.searchsorted(ones + window, "right") - others.searchsorted(ones - window)
    same = others.searchsorted(ones, "right") - others.searchsorted(ones)
    return ones[near > same]
