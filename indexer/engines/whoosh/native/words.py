"""The kernel that looks words up among the terms of all segments: see located.py."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from zlib import crc32

from indexer.engines.whoosh.native.segment import MappedSegment
from indexer.engines.whoosh.native.segments import run, typed

_FOUND = 8


def find_words(
    kernels: ctypes.CDLL,
    segments: Sequence[MappedSegment],
    words: Sequence[tuple[bytes | None, bytes]],
) -> list[list[list[int]]]:
    """Return, for each of *words*, a stem (or None) and a form, what each segment has of it.

    Of the stem what ``OfStem`` says; then from where to where the form's terms stand in the order
    of forms, the first of them, and its postings; zeros where there is none.
    """
    text = b"".join(key for word in words for key in word if key)
    asked, at = array("q"), 0
    for stem, form in words:
        size = len(stem or b"")
        hashed = crc32(stem) if stem else 0
        asked.extend((at, -1 if stem is None else size, hashed, at + size, len(form), crc32(form)))
        at += size + len(form)
    places = array("q", [segment.place for segment in segments])
    found = array("q", bytes(8 * _FOUND * len(segments) * len(words)))
    run(
        typed(kernels).find_words,
        *(places.buffer_info()[0], len(segments), text, asked.buffer_info()[0], len(words)),
        found.buffer_info()[0],
    )
    numbers = found.tolist()
    rows = [numbers[first : first + _FOUND] for first in range(0, len(numbers), _FOUND)]
    return [rows[word :: len(words)] for word in range(len(words))]
