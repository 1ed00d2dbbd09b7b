"""The kernels of a search, over the arrays of a segment as they lie in its map.

They use no block that was not compared with its checksum: those they meet they have compared.
"""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_double, c_float, c_int32, c_int64, c_void_p
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.contract import Scope
from indexer.engines.whoosh.cuts import Cuts, number
from indexer.engines.whoosh.frequencies import WORTH
from indexer.engines.whoosh.native.segment import MET, MappedSegment
from indexer.engines.whoosh.sections import Array

_LEAST = -(1 << 31)


class _Scope(ctypes.Structure):
    _fields_ = [("title", c_double), ("text", c_double)]


def run(kernel: Callable[..., int], *arguments: Any) -> None:
    """Call *kernel*. Raise what comparing a block raised: IndexDamaged where it is damaged."""
    stopped = kernel(*arguments)
    if not stopped:
        return
    error, MET.error = MET.error, None
    try:
        if error:
            raise error
        if stopped > 0:
            raise MemoryError
        # Nothing was compared: a signal came in between, and ctypes has swallowed what it raised.
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        raise RuntimeError("a block could not be compared")
    finally:
        del error  # else it would hold this frame, and this frame it, and both the file's map


_SCOPES = {scope: _Scope(*WORTH[scope]) for scope in WORTH}
ALL_SCOPES = (_Scope * len(_SCOPES))(*_SCOPES.values())
_KERNELS: dict[str, tuple[Any, ...]] = {
    "rank": (
        *(c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_double, c_void_p, c_void_p),
        *(c_void_p, c_void_p, c_void_p),
    ),
    "weigh": (c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_void_p),
    "mark": (c_void_p, c_int64, c_void_p, c_void_p),
    "count_terms": (c_void_p, c_int64, _Scope, c_void_p, c_void_p, c_void_p),
    "find_forms": (c_char_p, c_int64, c_char_p, c_int64, c_void_p),
    "phrase": (c_void_p, c_void_p, c_int64, c_void_p, _Scope, c_void_p),
    "near": (
        *(c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_void_p, c_int64, c_int64, c_void_p),
    ),
}


@cache
def typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    for name, kinds in _KERNELS.items():
        kernel = getattr(kernels, name)
        kernel.argtypes = [c_void_p, *kinds]
        kernel.restype = c_int64
    kernels.best.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_int64, c_int32, c_void_p, c_void_p, c_void_p)
    ]
    kernels.best.restype = c_int64
    kernels.find_words.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_char_p, c_char_p, c_int64, c_void_p),
        *(c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    ]
    kernels.find_words.restype = c_int64
    kernels.answer.argtypes = [
        *(c_char_p, c_void_p, c_int64, c_void_p, c_void_p, c_void_p),
        *(c_void_p, c_void_p, c_void_p),
    ]
    kernels.answer.restype = c_int64
    kernels.weigh_counts.argtypes = [c_void_p, c_void_p, c_int64, c_float, c_void_p, c_void_p]
    kernels.weigh_counts.restype = None
    return kernels


class Mapped(NamedTuple):
    """All segments of a snapshot as kernels take them: by the addresses of their structures.

    Of each which articles live, at an address too, 0 where all do; and the articles of the largest.
    """

    library: ctypes.CDLL
    segments: array[int]
    lives: array[int]
    articles: int


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
            *(address(wanted), len(wanted), _SCOPES[scope], address(live)),
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
        terms = array("I", [term for word in words for term in word])
        ends, end = array("q"), 0
        for word in words:
            end += len(word)
            ends.append(end)
        self._call(
            self._library.phrase,
            *(terms.buffer_info()[0], ends.buffer_info()[0], len(words)),
            *(address(live), _SCOPES[scope], address(mask)),
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


def flattened(rows: Sequence[Sequence[float]]) -> array[float]:
    """Return the values of *rows*, one behind the other, as structures of C have them."""
    return array("d", [value for row in rows for value in row])
