"""BM25 over whole arrays: terms in, a score for every article of a segment out.

Terms that many articles hold are spread over an array with a weight for each article, which is
remembered; the others are weighed posting by posting, all of them joined, in a dozen passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.frequencies import DILUTION, frequencies, weighted
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import View

_CODES = np.arange(256)

WIDE: Array = (_CODES < SHARED).astype(np.float32)
"""Code → what a posting counts as one of its stem: that term's own one counts shared ones."""


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


EXACT: dict[int, Array] = {
    writing: _agreements(writing) for writing in (0, CAPITAL, ACCENTED, CAPITAL | ACCENTED)
}
"""Writing of the query's word → code → what a posting counts as that very form."""


class Cut(NamedTuple):
    """The postings of a stretch up to *stop*, and what their weights are multiplied by."""

    stop: int
    factors: Array


class Stretch(NamedTuple):
    """Postings from *start* on that are weighed one by one, code → factor for each of the cuts."""

    start: int
    cuts: tuple[Cut, ...]

    @property
    def stop(self) -> int:
        """Where the last cut ends."""
        return self.cuts[-1].stop


class Spread(NamedTuple):
    """Postings from *start* to *stop*, so many that they are weighed article by article.

    The weights are those of *table*, all multiplied by *factor*. *kind* tells the tables apart.
    """

    start: int
    stop: int
    kind: int
    table: Array
    factor: float


Term = Stretch | Spread
"""What one word, or a part of it, stands for in a segment."""


def mark(view: View, term: Term, scope: Scope, mask: Array) -> None:
    """Set *mask* where articles hold *term*."""
    if isinstance(term, Spread):
        np.logical_or(mask, _weights(view, term, scope), out=mask)
        return
    numbers = view.file.numbers[term.start : term.stop]
    if scope is not Scope.ARTICLE:
        codes = view.file.codes[term.start : term.stop]
        numbers = numbers[frequencies(view.file, term.start, codes, scope) > 0]
    mask[SCRATCH.places("marked", [numbers])] = True


def add_scores(
    view: View,
    terms: Sequence[Term],
    scope: Scope,
    scores: Array,
    within: Array | None = None,
) -> None:
    """Add *terms* to the *scores* of articles, only of those *within* (a mask)."""
    stretches: list[Stretch] = []
    held: Array | None = None
    for term in terms:
        if isinstance(term, Stretch):
            stretches.append(term)
            continue
        weights = _weights(view, term, scope)
        if within is None:
            worth = SCRATCH.room("worth", len(weights), np.float32)
            scores += np.multiply(weights, np.float32(term.factor), out=worth)
        else:
            if held is None:
                held = within.nonzero()[0]
            scores[held] += weights[held] * np.float32(term.factor)
    if stretches:
        numbers, weights = _weighed(view, stretches, scope, within)
        np.add.at(scores, numbers, weights)


def _weights(view: View, term: Spread, scope: Scope) -> Array:
    """Return the weight of a term in every article of the segment, before its factor."""
    key = (term.start, term.stop, scope, term.kind)
    found = view.spread.pop(key, None)
    if found is None:
        stretch = Stretch(term.start, (Cut(term.stop, term.table),))
        numbers, weights = _weighed(view, [stretch], scope, None)
        found = np.zeros(view.articles, np.float32)
        # A place that the stem's own term counts weighs nothing: what is above it stays.
        counting = weights.nonzero()[0]
        found[numbers[counting]] = weights[counting]
    with view.remembering:  # what was used last goes last
        while len(view.spread) >= max(1, view.most_spread):
            del view.spread[next(iter(view.spread))]
        view.spread[key] = found
    return found


def _weighed(
    view: View, stretches: Sequence[Stretch], scope: Scope, within: Array | None
) -> tuple[Array, Array]:
    """Return the articles of all postings, and what each posting weighs: scratch, both."""
    file = view.file
    spans = [slice(stretch.start, stretch.stop) for stretch in stretches]
    numbers = SCRATCH.places("numbers", [file.numbers[span] for span in spans])
    codes = SCRATCH.room("codes", len(numbers), np.uint8)
    np.concatenate([file.codes[span] for span in spans], out=codes)
    begins = [0, *accumulate(span.stop - span.start for span in spans)]
    ends = [
        begin + cut.stop - stretch.start
        for begin, stretch in zip(begins, stretches, strict=False)
        for cut in stretch.cuts
    ]
    kept = None
    if within is not None:
        kept = within.take(numbers).nonzero()[0]
        numbers, codes = numbers[kept], codes[kept]
        ends = kept.searchsorted(ends).tolist()
    # factor · frequency / (frequency + norm), in passes over all postings at once
    factors = SCRATCH.room("factors", len(codes), np.float32)
    begin = 0
    cuts = (cut for stretch in stretches for cut in stretch.cuts)
    for cut, end in zip(cuts, ends, strict=True):
        cut.factors.take(codes[begin:end], out=factors[begin:end], mode="clip")
        begin = end
    weights = SCRATCH.room("weights", len(codes), np.float32)
    view.norms.take(numbers, out=weights, mode="clip")
    diluted = SCRATCH.room("diluted", len(codes), np.float32)
    DILUTION[scope].take(codes, out=diluted, mode="clip")
    for begin, stretch in zip(begins, stretches, strict=False):
        _correct(view, stretch, scope, begin, kept, diluted)
    weights *= diluted
    weights += 1
    np.divide(factors, weights, out=weights)
    return numbers, weights


def _correct(
    view: View, stretch: Stretch, scope: Scope, begin: int, kept: Array | None, diluted: Array
) -> None:
    """Set *diluted* where the frequency stands in the table of big ones."""
    places, titles, texts = view.file.big_between(stretch.start, stretch.stop)
    if not len(places):
        return
    rows = places - stretch.start + begin
    if kept is not None:
        _, rows, among = np.intersect1d(kept, rows, assume_unique=True, return_indices=True)
        titles, texts = titles[among], texts[among]
    with np.errstate(divide="ignore"):
        diluted[rows] = 1 / weighted(titles, texts, scope)
