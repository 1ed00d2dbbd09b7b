"""Words one behind the other: positions are read only where all words of the phrase are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines import deadline
from indexer.engines.contract import Scope
from indexer.engines.whoosh.distinct import distinct, distinct_ascending
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import View

_PLACE_BITS = 32
Span = tuple[int, int]


def phrase_mask(view: View, terms: Sequence[Sequence[int]], scope: Scope) -> Array:
    """Return which articles of the segment hold a phrase in *scope*; *terms* are its words'."""
    mask = np.zeros(view.articles, bool)
    if not all(terms):
        return mask
    if view.kernels:
        view.kernels.phrase(terms, view.live, scope, mask)
        return mask
    together = _together(view, [*dict.fromkeys(map(tuple, terms))])
    if not len(together):
        return mask
    places: Array | None = None
    # The rarest words first: each look-up only narrows what is left.
    order = sorted(range(len(terms)), key=lambda i: _size(view, terms[i]))
    for step in order:
        deadline.check()
        own = _places(view, terms[step], together) - step
        places = own if places is None else _common(places, own)
        if not len(places):
            return mask
        together = distinct_ascending(places >> _PLACE_BITS)
    assert places is not None
    numbers, positions = places >> _PLACE_BITS, places & ((1 << _PLACE_BITS) - 1)
    if scope is Scope.TITLE:
        numbers = numbers[positions < view.file.title_words[numbers]]
    elif scope is Scope.TEXT:
        numbers = numbers[positions > view.file.title_words[numbers]]
    mask[numbers] = True
    return mask


def _spans(view: View, terms: Sequence[int]) -> list[Span]:
    starts = view.file.terms.posting_starts
    return [(int(starts[term]), int(starts[term + 1])) for term in terms]


def _size(view: View, terms: Sequence[int]) -> int:
    return sum(stop - start for start, stop in _spans(view, terms))


def _together(view: View, words: list[tuple[int, ...]]) -> Array:
    """Return the articles, ascending, that hold every word (each a list of terms)."""
    words.sort(key=lambda terms: _size(view, terms))
    rest = view.live
    for terms in words:
        holding = np.zeros(view.articles, bool)
        for start, stop in _spans(view, terms):
            holding[view.file.numbers[start:stop]] = True
        rest = holding if rest is None else rest & holding
    assert rest is not None
    return np.flatnonzero(rest)


def _places(view: View, terms: Sequence[int], articles: Array) -> Array:
    """Return article and position, as one ascending number, of every place of a word."""
    found = []
    for start, stop in _spans(view, terms):
        numbers = view.file.numbers[start:stop]
        rows = numbers.searchsorted(articles)
        rows[rows == len(numbers)] = 0
        there = numbers[rows] == articles
        rows, owners = rows[there], articles[there]
        positions, counts = view.file.positions_of(rows + start)
        found.append(np.repeat(owners, counts) << _PLACE_BITS | positions)
    return found[0] if len(found) == 1 else distinct(np.concatenate(found))


def _common(some: Array, others: Array) -> Array:
    """Return what stands in both; each ascends."""
    if len(some) > len(others):
        some, others = others, some
    rows = others.searchsorted(some)
    rows[rows == len(others)] = 0
    common: Array = some[others[rows] == some]
    return common
