"""The kernel that looks words up among the terms of all segments: see located.py."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_int64
from struct import Struct
from typing import NamedTuple
from zlib import crc32

from indexer.compiled import address
from indexer.engines.whoosh.cuts import NUMBERS, Cuts
from indexer.engines.whoosh.native.segment import MappedSegment
from indexer.engines.whoosh.native.segments import run, typed
from indexer.engines.whoosh.sections import Array

_FOUND = 8
_MOST_CUTS = 3
_WORD = Struct("7qd")


class _Weighing(ctypes.Structure):
    _fields_ = [("articles", c_int64), ("scope", c_int64), ("exact", c_double)]


class Asked(NamedTuple):
    """A word: its stem, where it has one, and its form; how that is written; what it weighs."""

    stem: bytes | None
    form: bytes
    writing: int
    weight: float


class FoundWord(NamedTuple):
    """A word in all segments: how telling its stem is, and how many articles hold its form.

    Of each segment the stem's terms, as OfStem has them, and where the form's terms begin and end
    in the order of forms, and the first of them; zeros where there is none. Where a form has
    several terms in a segment, *holding* and *cuts* are not told.
    """

    rarity: float
    holding: int | None
    stems: list[list[int]]
    forms: list[list[int]]
    cuts: tuple[Cuts, ...]


def find_words(
    kernels: ctypes.CDLL,
    segments: Sequence[MappedSegment],
    lives: Sequence[Array | None],
    words: Sequence[Asked],
    articles: int,
    scope: int,
    exact: float,
) -> Iterator[FoundWord]:
    """Yield what segments, of whose articles those of *lives* live, have of each of *words*.

    *articles* are those of all segments; cuts are made for the scope of this row, where a form
    counts *exact* beside its stem.
    """
    letters = b"".join(key for word in words for key in word[:2] if key)
    asked, at = bytearray(), 0
    for stem, form, writing, weight in words:
        size, hashed = (-1, 0) if stem is None else (len(stem), crc32(stem))
        behind = at + max(size, 0)
        asked += _WORD.pack(at, size, hashed, behind, len(form), crc32(form), writing, weight)
        at = behind + len(form)
    count = len(segments)
    places = array("q", [segment.place for segment in segments])
    living = array("q", [address(live) or 0 for live in lives])
    rows = array("q", bytes(8 * _FOUND * count * len(words)))
    told = array("d", bytes(8 * 2 * len(words)))
    cuts = array("d", bytes(8 * NUMBERS * _MOST_CUTS * count * len(words)))
    run(
        typed(kernels).find_words,
        *(places.buffer_info()[0], living.buffer_info()[0], count, letters, bytes(asked)),
        *(len(words), byref(_Weighing(articles, scope, exact)), rows.buffer_info()[0]),
        *(told.buffer_info()[0], cuts.buffer_info()[0]),
    )
    numbers, room = rows.tolist(), NUMBERS * _MOST_CUTS
    for word in range(len(words)):
        own = range(word * count, (word + 1) * count)
        holding = int(told[2 * word + 1])
        yield FoundWord(
            told[2 * word],
            None if holding < 0 else holding,
            [numbers[_FOUND * at : _FOUND * at + 4] for at in own],
            [numbers[_FOUND * at + 4 : _FOUND * at + 7] for at in own],
            tuple(cuts[room * at : room * at + NUMBERS * numbers[_FOUND * at + 7]] for at in own),
        )
