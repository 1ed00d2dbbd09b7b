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
from indexer.engines.whoosh.segment_file import SegmentFile

# Compares a block. What it returned would mean nothing if a signal came before its first step.
_COMPARE = ctypes.CFUNCTYPE(None, c_int64)


class Met(threading.local):
    """What stopped a kernel of this thread."""

    error: BaseException | None = None


MET = Met()


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
        ("ranks", c_void_p),
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


class MappedSegment:
    """A segment's structure, and the arrays that it points to."""

    def __init__(self, file: SegmentFile, norms: Array) -> None:
        terms, columns = file.terms, file.columns
        found_by = terms.directory()
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
            columns.ages,
            columns.id_ranks,
            *found_by,
        )
        numbers, codes, positions, *whole, titles, diluting, ages, ranks = map(
            address, self._held[:13]
        )
        text, starts, hashes, firsts, beyonds, rests, *forms = map(address, found_by)
        self._compare = _COMPARE(_comparing(file.sections))
        self._structure = _Segment(
            file.articles,
            *(*file.sections.addresses(), self._compare),
            *(numbers, codes, positions, file.positions.unverified.itemsize == 4),
            *(*whole, len(file.big_places), titles, diluting, ages, ranks),
            *(text, starts, len(terms)),
            *(hashes, firsts, beyonds, rests, len(found_by.stem_hashes)),
            *(*forms, len(found_by.form_hashes)),
        )
        self.articles = file.articles
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
