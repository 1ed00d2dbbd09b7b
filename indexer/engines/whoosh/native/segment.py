"""A segment as the kernels see it: the arrays of its map, by their addresses (segment.h)."""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Callable, Sequence
from ctypes import addressof, byref, c_int64, c_void_p
from typing import NamedTuple

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array, Sections

# Compares a block. What it returned would mean nothing if a signal came before its first step.
_COMPARE = ctypes.CFUNCTYPE(None, c_int64)


class Met(threading.local):
    """What stopped a kernel of this thread."""

    error: BaseException | None = None


MET = Met()


# Compared with their checksums by kernels, block by block; the others as a whole.
_UNCOMPARED = ("numbers", "codes", "positions", "ids", "terms")
_WHOLE = (
    *("posting_starts", "position_starts", "position_skips"),
    *("big_places", "big_titles", "big_texts", "title_words", "id_ranks", "id_starts"),
    *("term_starts", "stem_hashes", "stem_firsts", "stem_beyonds", "stem_rests"),
    *("form_hashes", "form_firsts", "form_order"),
)


class _Segment(ctypes.Structure):
    _fields_ = [
        ("articles", c_int64),
        ("map", c_void_p),
        ("unread", c_void_p),
        ("compare", _COMPARE),
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
        ("ages", c_void_p),
        ("id_ranks", c_void_p),
        ("ids", c_void_p),
        ("id_starts", c_void_p),
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


class MappedFile:
    """The structure of a segment but for its norms, which differ from generation to generation."""

    def __init__(self, sections: Sections, ages: Array) -> None:
        placed = {name: sections.placed(name, verified=False) for name in _UNCOMPARED}
        placed |= {name: sections.placed(name, verified=True) for name in _WHOLE}
        mapped, unread = sections.addresses()
        self.structure = _Segment(
            articles=len(ages),
            map=mapped,
            unread=unread,
            compare=_COMPARE(_comparing(sections)),
            wide_positions=placed["positions"].item == 4,
            ages=address(ages),
            bigs=placed["big_places"].length,
            term_count=placed["term_starts"].length - 1,
            stems=placed["stem_hashes"].length,
            forms=placed["form_hashes"].length,
            **{name: each.address for name, each in placed.items()},
        )
        self._held = (sections, ages)


class MappedSegment:
    """A segment's structure, and what it points to."""

    def __init__(self, file: MappedFile, norms: Array) -> None:
        self._held = (file, norms)
        self._structure = _Segment.from_buffer_copy(file.structure)
        self._structure.norms = address(norms)
        self.articles = file.structure.articles
        self.reference = byref(self._structure)
        self.place = addressof(self._structure)


def _comparing(sections: Sections) -> Callable[[int], None]:
    # It holds the sections, not the structure that holds it: nothing waits for the collector.
    def compare(block: int) -> None:
        try:
            sections.verify_block(block)
        except BaseException as error:  # no exception passes through a kernel
            MET.error = error

    return compare


class Mapped(NamedTuple):
    """The segments of a snapshot as kernels take them: by the addresses of their structures.

    Of each which articles live, by address too, 0 where all do; and how many articles it has.
    ``held`` is what stands at these addresses.
    """

    library: ctypes.CDLL
    segments: array[int]
    lives: array[int]
    articles: Sequence[int]
    held: object


def map_segments(
    library: ctypes.CDLL, segments: Sequence[MappedSegment], lives: Sequence[Array | None]
) -> Mapped:
    """Return *segments*, of whose articles those of *lives* live, as kernels take them."""
    return Mapped(
        library,
        array("q", [segment.place for segment in segments]),
        array("q", [address(live) or 0 for live in lives]),
        tuple(segment.articles for segment in segments),
        (segments, lives),
    )
