"""The forms of a segment that may be a few edits from a given one, found on whole arrays.

One edit changes a form's length by at most one letter, and takes at most one letter out of those
it is made of and brings at most one in. What these two leave, a few forms in a thousand, is for
`expansion.within` to judge.
"""

from __future__ import annotations

from copy import copy

import numpy as np

from indexer.engines.whoosh.sections import Array

_FIRST_FOREIGN = 0xC0
_FOREIGN = np.uint32(1 << 31)
_OTHER = np.uint32(1 << 30)


def _bit(byte: int) -> int:
    letter = chr(byte)
    if "a" <= letter <= "z":
        return 1 << (byte - ord("a"))
    # All letters beyond ASCII share one bit, which stands in their first byte.
    return int(_FOREIGN) if byte >= _FIRST_FOREIGN else 0 if byte >= 0x80 else int(_OTHER)


_BITS = np.array([_bit(byte) for byte in range(256)], np.uint32)


class Letters:
    """Of each form its letters, a bit each, and their number.

    Form number *i* stands in *text* from ``starts[i]`` to ``ends[i]``; both ascend.
    """

    def __init__(self, text: Array, starts: Array, ends: Array) -> None:
        self._bits = np.zeros(len(starts), np.uint32)
        filled = np.flatnonzero(ends > starts)
        if len(filled):
            # What stands between a form's end and the next one's start falls to odd stretches;
            # the last end needs a byte to stand on.
            bounds = np.stack([starts[filled], ends[filled]], axis=1).ravel()
            bits = np.append(_BITS.take(text), np.uint32(0))
            self._bits[filled] = np.bitwise_or.reduceat(bits, bounds)[::2]
        begins = ((text < 0x80) | (text >= _FIRST_FOREIGN)).astype(np.int32)
        counted = np.concatenate([[0], np.cumsum(begins)])
        self._lengths = (counted[ends] - counted[starts]).astype(np.int32)

    def in_order(self, order: Array) -> Letters:
        """Return the same with form number ``order[i]`` as number *i*."""
        ordered = copy(self)
        ordered._bits, ordered._lengths = self._bits[order], self._lengths[order]
        return ordered

    def near(self, form: str, edits: int, begin: int = 0, end: int | None = None) -> Array:
        """Return which forms from *begin* to *end* may be at most *edits* edits from *form*."""
        written = form.encode("utf-8", "surrogatepass")
        bits = np.bitwise_or.reduce(_BITS[list(written)], initial=np.uint32(0))
        own, lengths = self._bits[begin:end], self._lengths[begin:end]
        near = np.abs(lengths - len(form)) <= edits
        near &= np.bitwise_count(own & ~bits) <= edits
        near &= np.bitwise_count(bits & ~own) <= edits
        found: Array = np.flatnonzero(near) + begin
        return found
