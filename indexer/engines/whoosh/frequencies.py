"""How often: from the codes of postings to frequencies, scope by scope."""

from __future__ import annotations

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.postings import BIG, TEXT, TITLE
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment_file import SegmentFile

_CODES = np.arange(256)
_TEXTS = (_CODES & TEXT).astype(np.float32)
_TITLES = (_CODES & TITLE).astype(bool).astype(np.float32)

WORTH = {
    Scope.ARTICLE: (ranking.TITLE, 1.0),
    Scope.TITLE: (ranking.TITLE, 0.0),
    Scope.TEXT: (0.0, 1.0),
}
"""What a place in a title, and one in a text, counts by the scope asked for."""

_FREQUENCIES = {
    scope: np.float32(title) * _TITLES + np.float32(text) * _TEXTS
    for scope, (title, text) in WORTH.items()
}


def _inverse(frequencies: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.divide(np.float32(1), frequencies)


DILUTION: dict[Scope, Array] = {scope: _inverse(own) for scope, own in _FREQUENCIES.items()}
"""Scope → code → 1 / frequency, infinite where it is 0; wrong for codes of big counts."""


def frequencies(file: SegmentFile, start: int, codes: Array, scope: Scope) -> Array:
    """Return the weighted frequencies of the postings from *start* on, whose codes are *codes*."""
    found = _FREQUENCIES[scope].take(codes)
    places, titles, texts = file.big_between(start, start + len(codes))
    found[places - start] = weighted(titles, texts, scope)
    return found


def frequencies_at(file: SegmentFile, places: Array, codes: Array, scope: Scope) -> Array:
    """Return the weighted frequencies of the postings at *places*, which ascend."""
    found = _FREQUENCIES[scope].take(codes)
    rows = (codes & TEXT == BIG).nonzero()[0]
    if len(rows):
        big = file.big_places.searchsorted(places[rows].astype(file.big_places.dtype))
        titles, texts = file.big_counts
        found[rows] = weighted(titles[big], texts[big], scope)
    return found


def weighted(titles: Array, texts: Array, scope: Scope) -> Array:
    """Return the weighted frequencies of counts in title and text."""
    found = np.zeros(len(titles), np.float32)
    if scope is not Scope.TITLE:
        found += texts
    if scope is not Scope.TEXT:
        found += np.float32(ranking.TITLE) * titles
    return found
