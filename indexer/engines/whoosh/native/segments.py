"""The kernels of a search, over the arrays of a segment as they lie in its map.

They use no block that was not compared with its checksum: those they meet they have compared.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Sequence
from ctypes import byref, c_int64
from typing import Any, NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.contract import Scope
from indexer.engines.whoosh.cuts import Cuts, number
from indexer.engines.whoosh.native.calling import (
    ALL_SCOPES,
    SCOPES,
    flat_words,
    flattened,
    run,
    typed,
)
from indexer.engines.whoosh.native.segment import MappedSegment
from indexer.engines.whoosh.sections import Array

_LEAST = -(1 << 31)


class Counted(NamedTuple):
    """How often articles hold one term that many forms share, and what its weight is worth."""

    counts: Array
    factor: float


class Kernels:
    """The kernels over one segment."""

    def __init__(self, kernels: ctypes.CDLL, segment: MappedSegment) -> None:
        self._library = typed(kernels)
        self.segment = segment

    def rank(
        self,
        cuts: Cuts,
        groups: Sequence[int],
        counted: Counted | None,
        agreements: Array,
        within: Array | None,
        scores: Array,
    ) -> int:
        """Set the *scores* of articles, of those *within*, and return how many have one.

        Where there are *groups*, each the number of cuts up to its end, an article needs a posting
        of each.
        """
        ends, total = array("q", groups), c_int64()
        counts, factor = counted or (None, 0.0)
        self._call(
            self._library.rank,
            *(cuts.buffer_info()[0], number(cuts), ends.buffer_info()[0], len(groups)),
            *(address(counts), factor, address(agreements), ALL_SCOPES),
            *(address(within), address(scores), byref(total)),
        )
        return total.value

    def weigh(
        self,
        cuts: Cuts,
        agreements: Array,
        within: Array | None,
        scores: Array,
    ) -> None:
        """Add what *cuts* are worth to the *scores* of articles, of those *within*."""
        self._call(
            self._library.weigh,
            *(cuts.buffer_info()[0], number(cuts), address(agreements), ALL_SCOPES),
            *(address(within), address(scores)),
        )

    def mark(self, cuts: Cuts, mask: Array) -> None:
        """Set *mask* where articles hold what *cuts* stand for."""
        place = cuts.buffer_info()[0]
        self._call(self._library.mark, place, number(cuts), ALL_SCOPES, address(mask))

    def count_terms(self, terms: Array, scope: Scope, live: Array | None, counts: Array) -> int:
        """Set *counts* to how often each article holds *terms*; return how many *live* ones do."""
        wanted = np.ascontiguousarray(terms, np.uint32)
        holding = c_int64()
        self._call(
            self._library.count_terms,
            *(address(wanted), len(wanted), SCOPES[scope], address(live)),
            *(address(counts), byref(holding)),
        )
        return holding.value

    def find_forms(self, low: bytes, high: bytes) -> tuple[int, int]:
        """Return where, in their order, forms from *low* up to *high* begin and end."""
        found = (c_int64 * 2)()
        self._call(self._library.find_forms, low, len(low), high, len(high), found)
        first, beyond = found
        return first, beyond

    def phrase(
        self, words: Sequence[Sequence[int]], live: Array | None, scope: Scope, mask: Array
    ) -> None:
        """Set *mask* where *words*, each a list of terms, stand one behind the other."""
        terms, ends = flat_words(words)
        self._call(
            self._library.phrase,
            *(terms.buffer_info()[0], ends.buffer_info()[0], len(words)),
            *(address(live), SCOPES[scope], address(mask)),
        )

    def near(
        self,
        stems: Sequence[tuple[int, int]],
        pairs: Sequence[Sequence[float]],
        numbers: Array,
        slots: Array,
        window: int,
        earned: Array,
    ) -> None:
        """Set what the articles, whose *numbers* stand at *slots*, have *earned* by near places."""
        spans = array("q", [place for stem in stems for place in stem])
        flat = flattened(pairs)
        self._call(
            self._library.near,
            *(spans.buffer_info()[0], len(stems), flat.buffer_info()[0], len(pairs)),
            *(address(numbers), address(slots), len(slots), window, address(earned)),
        )

    def _call(self, kernel: Callable[..., int], *arguments: Any) -> None:
        run(kernel, self.segment.reference, *arguments)


def best(
    kernels: ctypes.CDLL,
    goodness: Array,
    mask: Array | None,
    wanted: int,
    ages: Array,
    ranks: Array,
) -> Array:
    """Return the best *wanted* places of *mask*, which has no fewer, best first: see best.py."""
    chosen = np.empty(wanted, np.int32)
    found = typed(kernels).best(
        *(address(goodness), address(mask), len(goodness), wanted, _LEAST),
        *(address(ages), address(ranks), address(chosen)),
    )
    return chosen[:found].astype(np.intp)


def weigh_counts(
    kernels: ctypes.CDLL,
    counts: Array,
    norms: Array,
    factor: float,
    within: Array | None,
    scores: Array,
) -> None:
    """Add to *scores* what *counts* of one term are worth."""
    typed(kernels).weigh_counts(
        *(address(counts), address(norms), len(counts), factor),
        *(address(within), address(scores)),
    )
