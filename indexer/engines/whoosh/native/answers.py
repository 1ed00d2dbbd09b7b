"""The kernel that answers a question over all segments: see answering.py."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from ctypes import addressof, byref, c_double, c_int64, c_void_p
from itertools import chain
from typing import NamedTuple

from indexer.compiled import address
from indexer.engines.whoosh.cuts import Cuts, number
from indexer.engines.whoosh.native.segment import MappedSegment
from indexer.engines.whoosh.native.segments import (
    ALL_SCOPES,
    Counted,
    flattened,
    run,
    typed,
)
from indexer.engines.whoosh.sections import Array


class _Part(ctypes.Structure):
    _fields_ = [
        ("segment", c_void_p),
        ("cuts", c_void_p),
        ("cut_count", c_int64),
        ("ends", c_void_p),
        ("groups", c_int64),
        ("counts", c_void_p),
        ("factor", c_double),
        ("within", c_void_p),
        ("stems", c_void_p),
    ]


class _Question(ctypes.Structure):
    _fields_ = [
        ("wanted", c_int64),
        ("agreements", c_void_p),
        ("scopes", c_void_p),
        ("pairs", c_void_p),
        ("pair_count", c_int64),
        ("stem_count", c_int64),
        ("window", c_int64),
        ("depth", c_int64),
    ]


class Part(NamedTuple):
    """What is asked of a segment: groups of cuts, each up to its end; stems by their forms.

    Where there is one group, *ends* may be empty: who scores has a posting of it, or is *counted*.
    """

    segment: MappedSegment
    cuts: Cuts
    ends: Sequence[int]
    counted: Counted | None
    within: Array | None
    stems: Sequence[tuple[int, int]]


class Near(NamedTuple):
    """What words that stand together earn: for the first articles, so many words apart."""

    pairs: Sequence[Sequence[float]]
    window: int
    depth: int


class Found(NamedTuple):
    """The best articles, best first; *tied* where only ids tell which of two comes first."""

    total: int
    tied: bool
    segments: Sequence[int]
    numbers: Sequence[int]
    scores: Sequence[float]


def answer(
    kernels: ctypes.CDLL,
    parts: Sequence[Part],
    agreements: Array,
    near: Near,
    wanted: int,
    scores: Array,
) -> Found:
    """Return the best *wanted* articles; *scores* is room for those of the largest segment."""
    pairs = flattened(near.pairs)
    held = [(array("q", part.ends), array("q", chain.from_iterable(part.stems))) for part in parts]
    asked = (_Part * len(parts))(
        *(_asked(part, *arrays) for part, arrays in zip(parts, held, strict=True))
    )
    question = _Question(
        *(wanted, address(agreements), addressof(ALL_SCOPES)),
        *(pairs.buffer_info()[0], len(near.pairs), len(parts[0].stems) if parts else 0),
        *(near.window, near.depth),
    )
    room = len(parts) * wanted
    segments, numbers = array("i", bytes(4 * room)), array("i", bytes(4 * room))
    goodness = array("f", bytes(4 * room))
    total, found, tied = c_int64(), c_int64(), c_int64()
    run(
        typed(kernels).answer,
        *(asked, len(parts), byref(question), address(scores)),
        *(byref(total), byref(found), byref(tied)),
        *(segments.buffer_info()[0], numbers.buffer_info()[0], goodness.buffer_info()[0]),
    )
    size = found.value
    return Found(total.value, bool(tied.value), segments[:size], numbers[:size], goodness[:size])


def _asked(part: Part, ends: array[int], stems: array[int]) -> _Part:
    counts, factor = part.counted or (None, 0.0)
    return _Part(
        *(part.segment.place, part.cuts.buffer_info()[0], number(part.cuts)),
        *(ends.buffer_info()[0], len(ends), address(counts), factor),
        *(address(part.within), stems.buffer_info()[0]),
    )
