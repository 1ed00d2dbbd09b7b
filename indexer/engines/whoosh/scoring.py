"""BM25 over whole arrays: terms in, a score for every article of a segment out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.frequencies import PLAIN, frequencies
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED, TEXT, TITLE
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import View


class Stretch(NamedTuple):
    """Postings to add up, and what their weights are multiplied by."""

    start: int
    stop: int
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


def add_scores(
    view: View,
    stretches: Sequence[Stretch],
    scope: Scope,
    scores: Array,
    within: Array | None = None,
) -> None:
    """Add the terms of *stretches* to the *scores* of articles, only of those *within* (a mask)."""
    file = view.file
    for wide in (True, False):
        chosen = [each for each in stretches if each.wide is wide and each.stop > each.start]
        if not chosen:
            continue
        spans = [slice(each.start, each.stop) for each in chosen]
        numbers = _joined([file.numbers[span] for span in spans]).astype(np.intp)
        codes = _joined([file.codes[span] for span in spans])
        lengths = [each.stop - each.start for each in chosen]
        factors = np.repeat(np.array([each.factor for each in chosen], np.float32), lengths)
        for each, end in zip(chosen, np.cumsum(lengths).tolist(), strict=True):
            if each.writing is not None:
                own = slice(end - (each.stop - each.start), end)
                factors[own] *= _AGREEMENTS[each.writing].take(codes[own])
        kept = None
        if within is not None:
            kept = np.flatnonzero(within.take(numbers))
            numbers, codes, factors = numbers[kept], codes[kept], factors[kept]
        weights = view.units.take(numbers)
        odd = (
            np.flatnonzero(codes & (SHARED | TITLE | TEXT if wide else TITLE | TEXT) != PLAIN)
            if scope is Scope.ARTICLE
            else np.arange(len(codes))
        )
        if len(odd):
            rows = odd if kept is None else kept[odd]
            places = partial(_places, chosen, lengths, rows)
            found = frequencies(file, places, codes[odd], scope, wide=wide)
            weights[odd] = found / (found + view.norms.take(numbers[odd]))
        weights *= factors
        np.add.at(scores, numbers, weights)


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _places(chosen: Sequence[Stretch], lengths: Sequence[int], joined: Array, some: Array) -> Array:
    """Return where in the segment *some* of the rows *joined* of joined stretches stand."""
    rows = joined[some]
    ends = np.cumsum(lengths)
    shifts = np.array([each.start for each in chosen]) - (ends - lengths)
    places: Array = rows + shifts[ends.searchsorted(rows, "right")]
    return places
