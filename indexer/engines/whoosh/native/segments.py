"""The kernels of a search, over the arrays of a segment as they lie in its map.

They use no block that was not compared with its checksum: they name those they met, these are
compared, and the kernel is called again.
"""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Callable, Sequence
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int64, c_uint32, c_void_p
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np

from indexer.engines.contract import Scope
from indexer.engines.whoosh.frequencies import WORTH
from indexer.engines.whoosh.native import address
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import SegmentFile

_MOST_UNREAD = 256


class _Segment(ctypes.Structure):
    _fields_ = [
        ("map", c_void_p),
        ("unread", c_void_p),
        ("numbers", c_void_p),
        ("codes", c_void_p),
        ("positions", c_void_p),
        ("wide_positions", c_int64),
        ("posting_starts", c_void_p),
        ("position_starts", c_void_p),
        ("position_skips", c_void_p),
        ("big_places", c_void_p),
        ("big_titles", c_void_p),
        ("big_texts", c_void_p),
        ("bigs", c_int64),
        ("title_words", c_void_p),
        ("norms", c_void_p),
        ("terms", c_void_p),
        ("term_starts", c_void_p),
        ("term_count", c_int64),
        ("stem_hashes", c_void_p),
        ("stem_firsts", c_void_p),
        ("stem_beyonds", c_void_p),
        ("stem_rests", c_void_p),
        ("stems", c_int64),
        ("form_hashes", c_void_p),
        ("form_firsts", c_void_p),
        ("form_order", c_void_p),
        ("forms", c_int64),
    ]


class _Scope(ctypes.Structure):
    _fields_ = [("title", c_double), ("text", c_double)]


class _Unread(ctypes.Structure):
    _fields_ = [("count", c_int64), ("blocks", c_int64 * _MOST_UNREAD)]


class _Room(threading.local):
    def __init__(self) -> None:
        self.unread = _Unread()


_SCOPES = {scope: _Scope(*WORTH[scope]) for scope in WORTH}
_ALL_SCOPES = (_Scope * len(_SCOPES))(*_SCOPES.values())
_ROOM = _Room()
_KERNELS: dict[str, tuple[Any, ...]] = {
    "find_word": (c_char_p, c_int64, c_uint32, c_char_p, c_int64, c_uint32, c_void_p),
    "rank": (
        *(c_int64, c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    ),
    "weigh": (c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_void_p),
    "mark": (c_void_p, c_int64, c_void_p, c_void_p),
    "count_terms": (c_void_p, c_int64, _Scope, c_void_p),
    "phrase": (c_void_p, c_void_p, c_int64, c_void_p, _Scope, c_void_p),
    "near": (
        *(c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_void_p, c_int64, c_int64, c_void_p),
    ),
}


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    for name, kinds in _KERNELS.items():
        kernel = getattr(kernels, name)
        kernel.argtypes = [POINTER(_Segment), *kinds, POINTER(_Unread)]
        kernel.restype = c_int64
    kernels.best.argtypes = [c_void_p, c_void_p, c_int64, c_int64, c_void_p, c_void_p, c_void_p]
    kernels.best.restype = None
    kernels.weigh_counts.argtypes = [c_void_p, c_void_p, c_int64, c_float, c_void_p, c_void_p]
    kernels.weigh_counts.restype = None
    return kernels


class Kernels:
    """The kernels over one segment."""

    def __init__(self, kernels: ctypes.CDLL, file: SegmentFile, norms: Array) -> None:
        terms, sections = file.terms, file.sections
        directory = terms.directory()
        self._kernels = _typed(kernels)
        self._sections = sections
        self._held = (
            file.numbers.unverified,
            file.codes.unverified,
            file.positions.unverified,
            terms.posting_starts,
            terms.position_starts,
            file.position_skips,
            file.big_places,
            *file.big_counts,
            file.title_words,
            norms,
            *directory,
        )
        numbers, codes, positions, *whole, titles, diluting = map(address, self._held[:11])
        text, starts, hashes, firsts, beyonds, rests, *forms = map(address, directory)
        self._segment = byref(
            _Segment(
                *sections.addresses(),
                *(numbers, codes, positions, file.positions.unverified.itemsize == 4),
                *(*whole, len(file.big_places), titles, diluting),
                *(text, starts, len(terms)),
                *(hashes, firsts, beyonds, rests, len(directory.stem_hashes)),
                *(*forms, len(directory.form_hashes)),
            )
        )

    def find_word(self, stem: bytes | None, form: bytes) -> Sequence[int]:
        """Return what ``OfStem`` says of *stem*, then from where to where in the order of forms.

        All zeros where there is none.
        """
        found = (c_int64 * 6)()
        self._call(
            self._kernels.find_word,
            *(stem, len(stem or b""), crc32(stem or b"")),
            *(form, len(form), crc32(form), found),
        )
        return found[:]

    def rank(
        self,
        cuts: Sequence[Sequence[float]],
        groups: Sequence[int],
        agreements: Array,
        within: Array | None,
        scores: Array,
    ) -> int:
        """Set the *scores* of articles, of those *within*, and return how many have one.

        Where there are *groups*, each the number of cuts up to its end, an article needs a posting
        of each.
        """
        flat, ends, total = _flat(cuts), array("q", groups), c_int64()
        self._call(
            self._kernels.rank,
            *(len(scores), flat.buffer_info()[0], len(cuts), ends.buffer_info()[0], len(groups)),
            *(address(agreements), _ALL_SCOPES, address(within), address(scores), byref(total)),
        )
        return total.value

    def weigh(
        self,
        cuts: Sequence[Sequence[float]],
        agreements: Array,
        within: Array | None,
        scores: Array,
    ) -> None:
        """Add what *cuts* are worth to the *scores* of articles, of those *within*."""
        flat = _flat(cuts)
        self._call(
            self._kernels.weigh,
            *(flat.buffer_info()[0], len(cuts), address(agreements), _ALL_SCOPES),
            *(address(within), address(scores)),
        )

    def mark(self, cuts: Sequence[Sequence[float]], mask: Array) -> None:
        """Set *mask* where articles hold what *cuts* stand for."""
        flat = _flat(cuts)
        self._call(self._kernels.mark, flat.buffer_info()[0], len(cuts), _ALL_SCOPES, address(mask))

    def count_terms(self, terms: Array, scope: Scope, counts: Array) -> None:
        """Add to *counts* how often each article holds *terms*."""
        wanted = np.ascontiguousarray(terms, np.uint32)
        self._call(
            self._kernels.count_terms,
            *(address(wanted), len(wanted), _SCOPES[scope], address(counts)),
        )

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
            self._kernels.phrase,
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
        flat = _flat(pairs)
        self._call(
            self._kernels.near,
            *(spans.buffer_info()[0], len(stems), flat.buffer_info()[0], len(pairs)),
            *(address(numbers), address(slots), len(slots), window, address(earned)),
        )

    def _call(self, kernel: Callable[..., int], *arguments: Any) -> None:
        unread = _ROOM.unread
        while answer := kernel(self._segment, *arguments, byref(unread)):
            if answer > 0:
                raise MemoryError
            for block in unread.blocks[:-answer]:
                self._sections.verify_block(block)


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
    _typed(kernels).best(
        *(address(goodness), address(mask), len(goodness), wanted),
        *(address(ages), address(ranks), address(chosen)),
    )
    return chosen.astype(np.intp)


def weigh_counts(
    kernels: ctypes.CDLL,
    counts: Array,
    norms: Array,
    factor: float,
    within: Array | None,
    scores: Array,
) -> None:
    """Add to *scores* what *counts* of one term are worth."""
    _typed(kernels).weigh_counts(
        *(address(counts), address(norms), len(counts), factor),
        *(address(within), address(scores)),
    )


def _flat(rows: Sequence[Sequence[float]]) -> array[float]:
    return array("d", [value for row in rows for value in row])
