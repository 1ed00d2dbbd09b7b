"""The kernel that answers a question over all segments: see answering.py."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from ctypes import addressof, byref, c_int64
from typing import NamedTuple

from indexer.compiled import address
from indexer.engines.whoosh.cuts import Cuts
from indexer.engines.whoosh.native.segments import ALL_SCOPES, Mapped, flattened, run, typed
from indexer.engines.whoosh.sections import Array

_QUESTION = struct.Struct("17qd")


class Counts(NamedTuple):
    """How often articles of each segment hold one term that many forms share, what it is worth."""

    by_segment: Sequence[Array]
    factor: float


class Near(NamedTuple):
    """What words that stand together earn: for the first articles, so many words apart.

    Of each of the *stems*, where its forms begin and end in one segment after the other.
    """

    stems: Sequence[array[int]]
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
    mapped: Mapped,
    words: Sequence[tuple[Cuts, array[int]]],
    groups: Sequence[int],
    counts: Counts | None,
    within: Sequence[Array | None] | None,
    agreements: Array,
    near: Near,
    wanted: int,
    scores: Array,
) -> Found:
    """Return the best *wanted* articles of those that live, *within* where that is given.

    Of *words* the cuts, one segment's behind the other's, and where those of each end; where there
    are *groups*, each up to its end among the words, an article needs a posting of each, else one
    of any, or the term that is counted. *scores* is room for those of the largest segment.
    """
    places = array("q", [its.buffer_info()[0] for word in words for its in word])
    stems = array("q", [stem.buffer_info()[0] for stem in near.stems])
    ends, pairs = array("q", groups), flattened(near.pairs)
    counted = array("q", [address(own) or 0 for own in counts.by_segment] if counts else ())
    masks = mapped.lives
    if within is not None:
        masks = array("q", [address(own) or 0 for own in within])
    question = _QUESTION.pack(
        *(*mapped.segments.buffer_info(), places.buffer_info()[0], len(words)),
        *(*ends.buffer_info(), counted.buffer_info()[0] if counts else 0, masks.buffer_info()[0]),
        *(*stems.buffer_info(), pairs.buffer_info()[0], len(near.pairs)),
        *(near.window, near.depth, wanted, address(agreements), addressof(ALL_SCOPES)),
        counts.factor if counts else 0.0,
    )
    room = bytes(4 * len(mapped.segments) * wanted)
    segments, numbers, goodness = array("i", room), array("i", room), array("f", room)
    total, found, tied = c_int64(), c_int64(), c_int64()
    run(
        typed(mapped.library).answer,
        *(question, address(scores), byref(total), byref(found), byref(tied)),
        *(segments.buffer_info()[0], numbers.buffer_info()[0], goodness.buffer_info()[0]),
    )
    size = found.value
    return Found(total.value, bool(tied.value), segments[:size], numbers[:size], goodness[:size])
