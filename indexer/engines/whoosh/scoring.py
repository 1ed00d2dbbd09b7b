"""BM25 over whole arrays: terms in, a score for every article of a segment out.

A term that many articles hold is spread over an array of one code per article, and weighed there
in passes that the processor does eight at a time; the others are weighed posting by posting, all
of them joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.frequencies import PLAIN, frequencies
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED, TEXT, TITLE
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import View

_DENSE = 4  # a term with more postings than a quarter of the articles is spread
_SPREAD_BYTES = 24 << 20  # of terms kept spread, over all segments


class Stretch(NamedTuple):
    """Postings that stand one behind the other, from *start* on."""

    start: int
    numbers: Array
    codes: Array

    def places(self, rows: Array) -> Array:
        """Return where in the segment the postings number *rows* stand."""
        moved: Array = rows + self.start
        return moved


class Term(NamedTuple):
    """Postings that count as one term, and what their weights are multiplied by."""

    stretch: Stretch
    factor: float
    wide: bool
    writing: int | None = None
    """The bits CAPITAL and ACCENTED of the query's word, unless every posting agrees with them."""


def disagree(codes: Array, writing: int) -> bool:
    """Tell whether some of these postings are not written as the query's word is."""
    return bool((_AGREEMENTS[writing].take(codes) != 1).any())


def _agreements(writing: int) -> Array:
    return np.array(
        [
            ranking.agreement(
                accents=not (code ^ writing) & ACCENTED,
                case=not writing & CAPITAL or bool(code & CAPITAL),
            )
            for code in range(256)
        ],
        np.float32,
    )


_AGREEMENTS = {
    writing: _agreements(writing) for writing in (0, CAPITAL, ACCENTED, CAPITAL | ACCENTED)
}


def mark(view: View, term: Term, scope: Scope, mask: Array) -> None:
    """Set *mask* where articles hold *term*."""
    if _is_frequent(view, term):
        np.logical_or(mask, _spread(view, term, scope) > 0, out=mask)
        return
    numbers, codes = term.stretch.numbers, term.stretch.codes
    if scope is not Scope.ARTICLE:
        counted = frequencies(view.file, term.stretch.places, codes, scope, wide=term.wide)
        numbers = numbers[counted > 0]
    mask[numbers.astype(np.intp)] = True


def _is_frequent(view: View, term: Term) -> bool:
    return len(term.stretch.numbers) * _DENSE > view.articles


def add_scores(
    view: View,
    terms: Sequence[Term],
    scope: Scope,
    scores: Array,
    within: Array | None = None,
) -> None:
    """Add *terms* to the *scores* of articles, only of those *within* (a mask)."""
    sparse: tuple[list[Term], list[Term]] = [], []
    held: Array | None = None
    for term in terms:
        if _is_frequent(view, term):
            weights = _spread(view, term, scope)
            if within is None:
                scores += weights * np.float32(term.factor)
            else:
                if held is None:
                    held = within.nonzero()[0]
                scores[held] += weights[held] * np.float32(term.factor)
        elif len(term.stretch.numbers):
            sparse[term.wide].append(term)
    for wide, chosen in enumerate(sparse):
        if chosen:
            _add_sparse(view, chosen, scope, scores, within, wide=bool(wide))


def _spread(view: View, term: Term, scope: Scope) -> Array:
    """Return the weight of a term in every article of the segment, before its factor."""
    stretch, wide = term.stretch, term.wide
    key = (stretch.start, len(stretch.numbers), wide, scope, term.writing)
    found = view.spread.get(key)
    if found is None:
        counted = frequencies(view.file, stretch.places, stretch.codes, scope, wide=wide)
        # A place that the stem's own term counts weighs nothing: what is above it stays.
        own = (counted > 0).nonzero()[0]
        numbers = stretch.numbers[own].astype(np.intp)
        found = np.zeros(view.articles, np.float32)
        found[numbers] = counted[own]
        found /= found + view.norms
        if term.writing is not None:
            found[numbers] *= _AGREEMENTS[term.writing].take(stretch.codes[own])
        with view.remembering:
            while view.spread and len(view.spread) * found.nbytes >= _SPREAD_BYTES // view.among:
                del view.spread[next(iter(view.spread))]
            view.spread[key] = found
    return found


def _add_sparse(
    view: View,
    terms: Sequence[Term],
    scope: Scope,
    scores: Array,
    within: Array | None,
    *,
    wide: bool,
) -> None:
    numbers = _joined([term.stretch.numbers for term in terms]).astype(np.intp)
    codes = _joined([term.stretch.codes for term in terms])
    ends = list(accumulate(len(term.stretch.numbers) for term in terms))
    kept = None
    cuts = ends
    if within is not None:
        kept = within.take(numbers).nonzero()[0]
        numbers, codes = numbers[kept], codes[kept]
        cuts = kept.searchsorted(ends).tolist()
    weights = view.units.take(numbers)
    if scope is Scope.ARTICLE:
        odd = (codes & (TITLE | TEXT) != PLAIN).nonzero()[0]
    else:
        odd = np.arange(len(codes))
    if len(odd):
        places = partial(_places, terms, ends, odd if kept is None else kept[odd])
        found = frequencies(view.file, places, codes[odd], scope, wide=wide)
        weights[odd] = found / (found + view.norms.take(numbers[odd]))
    if wide:
        weights *= codes < SHARED  # the stem's own term counts the others
    begin = 0
    for term, end in zip(terms, cuts, strict=True):
        weights[begin:end] *= np.float32(term.factor)
        if term.writing is not None:
            weights[begin:end] *= _AGREEMENTS[term.writing].take(codes[begin:end])
        begin = end
    np.add.at(scores, numbers, weights)


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _places(terms: Sequence[Term], ends: Sequence[int], joined: Array, some: Array) -> Array:
    """Return where in the segment *some* of the rows *joined* of joined stretches stand."""
    rows = joined[some]
    begins = [0, *ends[:-1]]
    shifts = np.array([t.stretch.start - b for t, b in zip(terms, begins, strict=True)])
    places: Array = rows + shifts[np.searchsorted(ends, rows, "right")]
    return places
