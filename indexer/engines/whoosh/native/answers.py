"""The kernel that answers a question over all segments: see answering.py."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from ctypes import addressof, byref, c_int64
from itertools import chain
from typing import NamedTuple

from indexer.engines.whoosh.native import address
from indexer.engines.whoosh.native.segment import MappedSegment
from indexer.engines.whoosh.native.segments import ALL_SCOPES, ROOM, flattened, typed
from indexer.engines.whoosh.sections import Array


class Part(NamedTuple):
    """What is asked of a segment: groups of cuts, each up to its end; stems by their forms.

    Where there is one group, *ends* may be empty: who scores has a posting of it.
    """

    segment: MappedSegment
    cuts: Sequence[Sequence[float]]
    ends: Sequence[int]
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
    held: list[array[float] | array[int]] = []
    asked = array("q")
    for part in parts:
        cuts, ends = flattened(part.cuts), array("q", part.ends)
        stems = array("q", chain.from_iterable(part.stems))
        held += (cuts, ends, stems)
        asked.extend(
            (
                *(part.segment.place, cuts.buffer_info()[0], len(part.cuts)),
                *(ends.buffer_info()[0], len(ends), address(part.within) or 0),
                stems.buffer_info()[0],
            )
        )
    question = array(
        "q",
        (
            *(wanted, address(agreements) or 0, addressof(ALL_SCOPES)),
            *(pairs.buffer_info()[0], len(near.pairs), len(parts[0].stems) if parts else 0),
            *(near.window, near.depth),
        ),
    )
    room = len(parts) * wanted
    segments, numbers = array("i", bytes(4 * room)), array("i", bytes(4 * room))
    goodness = array("f", bytes(4 * room))
    total, found, tied, at = c_int64(), c_int64(), c_int64(), c_int64()
    unread = ROOM.unread
    while stopped := typed(kernels).answer(
        *(asked.buffer_info()[0], len(parts), question.buffer_info()[0], address(scores)),
        *(byref(total), byref(found), byref(tied)),
        *(segments.buffer_info()[0], numbers.buffer_info()[0], goodness.buffer_info()[0]),
        *(byref(at), byref(unread)),
    ):
        if stopped > 0:
            raise MemoryError
        for block in unread.blocks[:-stopped]:
            parts[at.value].segment.sections.verify_block(block)
    size = found.value
    return Found(total.value, bool(tied.value), segments[:size], numbers[:size], goodness[:size])
