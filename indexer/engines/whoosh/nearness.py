"""What words that stand together earn: the places of the query's stems in the best articles.

A place is one number that sorts by article, part (title or text) and position, so that all
neighbours are found at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh.frequencies import WORTH
from indexer.engines.whoosh.located import Stem, locate_stem
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View

_POSITION_BITS = 32
_PART_BIT = 1 << _POSITION_BITS
_SLOT_BITS = _POSITION_BITS + 1
_Forms = tuple[int, int]
"""Where the forms of a stem begin and end."""


class Best(NamedTuple):
    """The articles to look at: their segments, and their numbers there."""

    segments: Array
    numbers: Array


class Together(NamedTuple):
    """Two stems, by their numbers, what a place counts where both stand, and what that is worth."""

    one: int
    other: int
    title: float
    text: float
    worth: float


def nearness(snapshot: Snapshot, pairs: Sequence[Neighbours], best: Best) -> Array:
    """Return what each of the *best* earns for *pairs* of stems that stand together."""
    located, together = locate_pairs(snapshot, pairs)
    earned = np.zeros(len(best.numbers), np.float32)
    for segment, view in enumerate(snapshot.views):
        slots = (best.segments == segment).nonzero()[0]
        if not len(slots):
            continue
        own = [each.in_segment(segment) for each in located]
        if view.kernels:
            view.kernels.near(own, together, best.numbers, slots, ranking.NEAR_WINDOW, earned)
        else:
            slots = slots[best.numbers[slots].argsort()]
            earned[slots] = _earned(view, own, together, best.numbers[slots])
    return earned


def locate_pairs(
    snapshot: Snapshot, pairs: Sequence[Neighbours]
) -> tuple[list[Stem], list[Together]]:
    """Return the stems of *pairs*, each once, and what each pair is worth."""
    numbers: dict[str, int] = {}
    together = []
    for scope, one, other in pairs:
        rarity = locate_stem(snapshot, one, scope).rarity
        rarity = (rarity + locate_stem(snapshot, other, scope).rarity) / 2
        first = numbers.setdefault(one, len(numbers))
        second = numbers.setdefault(other, len(numbers))
        together.append(Together(first, second, *WORTH[scope], ranking.NEAR * rarity))
    return [locate_stem(snapshot, stem, Scope.ARTICLE) for stem in numbers], together


def _earned(
    view: View, stems: Sequence[_Forms], pairs: Sequence[Together], numbers: Array
) -> Array:
    """Return what the articles *numbers*, which ascend, earn."""
    counted = _counted(view, stems, pairs, numbers)
    worth = np.array([pair.worth for pair in pairs])
    earned: Array = worth @ (counted / (counted + view.norms[numbers]))
    return earned


def _counted(
    view: View, stems: Sequence[_Forms], pairs: Sequence[Together], numbers: Array
) -> Array:
    """Return, for each of *pairs* and each of the articles *numbers*, what near places count."""
    counted = np.zeros((len(pairs), len(numbers)), np.float32)
    places, stem_of = _places(view, stems, numbers)
    for row, pair in enumerate(pairs):
        near = _near(places[stem_of == pair.one], places[stem_of == pair.other])
        worth = np.where(near & _PART_BIT != 0, pair.text, pair.title)
        counted[row] = np.bincount(near >> _SLOT_BITS, worth, len(numbers))
    return counted


def _places(view: View, stems: Sequence[_Forms], numbers: Array) -> tuple[Array, Array]:
    """Return the places of *stems* in articles, ascending, and which stem each is of."""
    starts = view.file.terms.posting_starts
    spans = [(int(starts[first]), int(starts[beyond])) for first, beyond in stems]
    sizes = [stop - start for start, stop in spans]
    joined = SCRATCH.places("joined", [view.file.numbers[start:stop] for start, stop in spans])
    wanted = np.zeros(view.articles, bool)
    wanted[numbers] = True
    held = wanted[joined].nonzero()[0]
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
    places = numbers.searchsorted(holders) << _SLOT_BITS | at
    order = places.argsort()
    return places[order], stem_of.repeat(counts)[order]


def _near(ones: Array, others: Array) -> Array:
    """Return those of *ones* that have one of *others* near by, but not at the very place.

    Both ascend; two readings of a word share a place and count once.
    """
    ones = ones[np.concatenate([[True], ones[1:] != ones[:-1]])[: len(ones)]]
    window = ranking.NEAR_WINDOW
    near = others.searchsorted(ones + window, "right") - others.searchsorted(ones - window)
    same = others.searchsorted(ones, "right") - others.searchsorted(ones)
    return ones[near > same]
