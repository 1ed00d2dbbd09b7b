"""BM25 over whole arrays: postings in, a score for every article of a segment out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.cuts import Cut, Cuts, joined, number, unpacked
from indexer.engines.whoosh.frequencies import DILUTION, WORTH, frequencies, weighted
from indexer.engines.whoosh.native.segments import Counted
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


SCOPES = {scope: row for row, scope in enumerate(WORTH)}
"""Scope → its row, as cuts name it."""

_DILUTION = tuple(DILUTION.values())
_BY_ROW = tuple(SCOPES)


def mark(view: View, cuts: Cuts, mask: Array) -> None:
    """Set *mask* where articles hold what *cuts* stand for."""
    if view.kernels:
        view.kernels.mark(cuts, mask)
        return
    for cut in unpacked(cuts):
        start, stop = view.file.terms.span(cut.first, cut.beyond)
        numbers = view.file.numbers[start:stop]
        scope = _BY_ROW[cut.scope]
        if scope is not Scope.ARTICLE:
            codes = view.file.codes[start:stop]
            numbers = numbers[frequencies(view.file, start, codes, scope) > 0]
        mask[SCRATCH.places("marked", [numbers])] = True


class Asked(NamedTuple):
    """What a segment is asked: to hold a cut of each of *groups*, or a term of many forms.

    Only articles *within* (a mask) come into question; without it all do.
    """

    groups: Sequence[Cuts]
    counted: Counted | None
    within: Array | None

    @property
    def cuts(self) -> Cuts:
        """The cuts of all groups."""
        return self.groups[0] if len(self.groups) == 1 else joined(self.groups)

    @property
    def ends(self) -> list[int]:
        """Where groups end among the cuts; nowhere if there is one: who scores has a posting."""
        return list(accumulate(map(number, self.groups))) if len(self.groups) > 1 else []


def rank(view: View, asked: Asked) -> tuple[Array, int]:
    """Return the scores of articles that hold what is *asked*, and how many there are.

    The others score nothing. The scores last until the thread asks again.
    """
    within = asked.within
    if view.kernels:
        scores = SCRATCH.room("scores", view.articles, np.float32)
        return scores, view.kernels.rank(
            asked.cuts, asked.ends, asked.counted, AGREEMENTS, within, scores
        )
    for group in asked.groups if len(asked.groups) > 1 else ():
        mask = np.zeros(view.articles, bool)
        mark(view, group, mask)
        within = mask if within is None else within & mask
    scores = SCRATCH.zeros("scores", view.articles, np.float32)
    if asked.counted:
        counts, factor = asked.counted
        scores += np.float32(factor) * (counts / (counts + view.norms))
        if within is not None:
            scores *= within
    add_scores(view, asked.cuts, scores, within)
    return scores, int(np.count_nonzero(scores))


def add_scores(view: View, cuts: Cuts, scores: Array, within: Array | None = None) -> None:
    """Add what *cuts* are worth to the *scores* of articles, only of those *within* (a mask)."""
    if view.kernels:
        view.kernels.weigh(cuts, AGREEMENTS, within, scores)
    elif cuts:
        np.add.at(scores, *_weighed(view, unpacked(cuts), within))


def _weighed(view: View, cuts: Sequence[Cut], within: Array | None) -> tuple[Array, Array]:
    """Return the articles of all postings, and what each posting weighs: scratch, both."""
    file = view.file
    spans = [slice(*file.terms.span(cut.first, cut.beyond)) for cut in cuts]
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
    diluted = SCRATCH.room("diluted", len(codes), np.float32)
    for cut, begin, end in zip(cuts, bounds, bounds[1:], strict=False):
        worth = _WIDE * np.float32(cut.wide) + AGREEMENTS[cut.writing] * np.float32(cut.exact)
        worth.take(codes[begin:end], out=factors[begin:end], mode="clip")
        _DILUTION[cut.scope].take(codes[begin:end], out=diluted[begin:end], mode="clip")
    weights = SCRATCH.room("weights", len(codes), np.float32)
    view.norms.take(numbers, out=weights, mode="clip")
    for begin, span, cut in zip(begins, spans, cuts, strict=False):
        _correct(view, span, _BY_ROW[cut.scope], begin, kept, diluted)
    weights *= diluted
    weights += 1
    np.divide(factors, weights, out=weights)
    return numbers, weights


def _correct(
    view: View, span: slice, scope: Scope, begin: int, kept: Array | None, diluted: Array
) -> None:
    """Set *diluted* where the frequency stands in the table of big ones."""
    places, titles, texts = view.file.big_between(span.start, span.stop)
    if not len(places):
        return
    rows = places - span.start + begin
    if kept is not None:
        _, rows, among = np.intersect1d(kept, rows, assume_unique=True, return_indices=True)
        titles, texts = titles[among], texts[among]
    with np.errstate(divide="ignore"):
        diluted[rows] = 1 / weighted(titles, texts, scope)
