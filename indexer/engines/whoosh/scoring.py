"""BM25 over whole arrays: postings in, a score for every article of a segment out."""

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

_WIDE: Array = (_CODES < SHARED).astype(np.float32)
"""Code → what a posting counts as one of its stem: that term's own one counts shared ones."""

_WRITINGS = (0, CAPITAL, ACCENTED, CAPITAL | ACCENTED)


def _agreements(writing: int) -> list[float]:
    return [
        ranking.agreement(
            accents=not (code ^ writing) & ACCENTED,
            case=not writing & CAPITAL or bool(code & CAPITAL),
        )
        for code in range(256)
    ]


AGREEMENTS: Array = np.array([_agreements(writing) for writing in _WRITINGS], np.float32)
"""Writing of the query's word, code → what a posting counts as that very form."""


def writing(*, capital: bool, accented: bool) -> int:
    """Return the row of AGREEMENTS for a word written so."""
    return _WRITINGS.index((CAPITAL if capital else 0) | (ACCENTED if accented else 0))


class Cut(NamedTuple):
    """Postings that one word stands for, from *start* to *stop*, and what they are worth to it.

    *wide* as its stem, and *exact* as its very form, times how far they agree with its *writing*.
    """

    start: int
    stop: int
    wide: float
    exact: float
    writing: int


def mark(view: View, cuts: Sequence[Cut], scope: Scope, mask: Array) -> None:
    """Set *mask* where articles hold what *cuts* stand for."""
    if view.kernels:
        view.kernels.mark(cuts, scope, mask)
        return
    for cut in cuts:
        numbers = view.file.numbers[cut.start : cut.stop]
        if scope is not Scope.ARTICLE:
            codes = view.file.codes[cut.start : cut.stop]
            numbers = numbers[frequencies(view.file, cut.start, codes, scope) > 0]
        mask[SCRATCH.places("marked", [numbers])] = True


def add_scores(
    view: View,
    cuts: Sequence[Cut],
    scope: Scope,
    scores: Array,
    within: Array | None = None,
) -> None:
    """Add what *cuts* are worth to the *scores* of articles, only of those *within* (a mask)."""
    if view.kernels:
        view.kernels.weigh(cuts, AGREEMENTS, scope, within, scores)
    elif cuts:
        np.add.at(scores, *_weighed(view, cuts, scope, within))


def _weighed(
    view: View, cuts: Sequence[Cut], scope: Scope, within: Array | None
) -> tuple[Array, Array]:
    """Return the articles of all postings, and what each posting weighs: scratch, both."""
    file = view.file
    spans = [slice(cut.start, cut.stop) for cut in cuts]
    numbers = SCRATCH.places("numbers", [file.numbers[span] for span in spans])
    codes = SCRATCH.room("codes", len(numbers), np.uint8)
    np.concatenate([file.codes[span] for span in spans], out=codes)
    begins = [0, *accumulate(span.stop - span.start for span in spans)]
    bounds = begins
    kept = None
    if within is not None:
        kept = within.take(numbers).nonzero()[0]
        numbers, codes = numbers[kept], codes[kept]
        bounds = kept.searchsorted(begins).tolist()
    # factor · frequency / (frequency + norm), in passes over all postings at once
    factors = SCRATCH.room("factors", len(codes), np.float32)
    for cut, begin, end in zip(cuts, bounds, bounds[1:], strict=False):
        worth = _WIDE * np.float32(cut.wide) + AGREEMENTS[cut.writing] * np.float32(cut.exact)
        worth.take(codes[begin:end], out=factors[begin:end], mode="clip")
    weights = SCRATCH.room("weights", len(codes), np.float32)
    view.norms.take(numbers, out=weights, mode="clip")
    diluted = SCRATCH.room("diluted", len(codes), np.float32)
    DILUTION[scope].take(codes, out=diluted, mode="clip")
    for begin, cut in zip(begins, cuts, strict=False):
        _correct(view, cut, scope, begin, kept, diluted)
    weights *= diluted
    weights += 1
    np.divide(factors, weights, out=weights)
    return numbers, weights


def _correct(
    view: View, cut: Cut, scope: Scope, begin: int, kept: Array | None, diluted: Array
) -> None:
    """Set *diluted* where the frequency stands in the table of big ones."""
    places, titles, texts = view.file.big_between(cut.start, cut.stop)
    if not len(places):
        return
    rows = places - cut.start + begin
    if kept is not None:
        _, rows, among = np.intersect1d(kept, rows, assume_unique=True, return_indices=True)
        titles, texts = titles[among], texts[among]
    with np.errstate(divide="ignore"):
        diluted[rows] = 1 / weighted(titles, texts, scope)
