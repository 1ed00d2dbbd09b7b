"""The forms of a segment that may be a few edits from a given one, found on whole arrays.

    letters   one edit changes a form's length by at most one, takes at most one letter out of
              those it is made of, and brings at most one in: a few forms in a hundred are left
    edits     those of all that are left are counted at once, a step per pair of letters

What has letters beyond ASCII is not counted here: `expansion.within` has the last word on all.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from indexer.engines.whoosh import native
from indexer.engines.whoosh.native.letters import letters
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
    """Of each form in *text* its letters, a bit each, and their number, in the order of *order*.

    The key of term *i* stands from ``starts[i]`` to ``starts[i + 1]``.
    """

    def __init__(self, text: Array, starts: Array, order: Array) -> None:
        kernels = native.library()
        learn = partial(letters, kernels) if kernels else _letters
        begins, bits, lengths = learn(text, starts, _BITS)
        self._text = text
        self._starts, self._bits, self._lengths = begins[order], bits[order], lengths[order]

    def near(self, form: str, edits: int, begin: int, end: int) -> Array:
        """Return which forms from *begin* to *end* may be at most *edits* edits from *form*."""
        written = form.encode("utf-8", "surrogatepass")
        bits = np.bitwise_or.reduce(_BITS[list(written)], initial=np.uint32(0))
        own, lengths = self._bits[begin:end], self._lengths[begin:end]
        near = np.abs(lengths - len(form)) <= edits
        near &= np.bitwise_count(own & ~bits) <= edits
        near &= np.bitwise_count(bits & ~own) <= edits
        found: Array = np.flatnonzero(near) + begin
        if not form.isascii():
            return found
        foreign = (self._bits[found] & _FOREIGN).astype(bool)
        lengths = np.where(foreign, 0, self._lengths[found])
        places = np.minimum(
            self._starts[found, None] + np.arange(len(form) + edits), len(self._text) - 1
        )
        return found[foreign | (_edits(written, self._text[places], lengths, edits) <= edits)]


def _letters(text: Array, starts: Array, bit_of: Array) -> tuple[Array, Array, Array]:
    """Do the same as the kernel."""
    zeros = np.flatnonzero(text == 0)
    begins, ends = zeros[zeros.searchsorted(starts[:-1])] + 1, starts[1:].astype(np.int64)
    bits = np.zeros(len(begins), np.uint32)
    filled = np.flatnonzero(ends > begins)
    if len(filled):
        # What stands between a form's end and the next one's start falls to odd stretches;
        # the last end needs a byte to stand on.
        bounds = np.stack([begins[filled], ends[filled]], axis=1).ravel()
        bits[filled] = np.bitwise_or.reduceat(np.append(bit_of.take(text), np.uint32(0)), bounds)[
            ::2
        ]
    first = ((text < 0x80) | (text >= _FIRST_FOREIGN)).astype(np.int32)
    counted = np.concatenate([[0], np.cumsum(first)])
    return begins, bits, (counted[ends] - counted[begins]).astype(np.int32)


def _edits(form: bytes, others: Array, lengths: Array, most: int) -> Array:
    """Return how many edits lead from *form* to each row of *others*, more than *most* if more."""
    far = np.full(len(others), most + 1, np.int8)
    columns = range(others.shape[1] + 1)
    letters = others.T
    before = [far for _ in columns]
    above = [np.full(len(others), column, np.int8) if column <= most else far for column in columns]
    for i, letter in enumerate(form, 1):
        row = [far for _ in columns]
        if i <= most:
            row[0] = np.full(len(others), i, np.int8)
        # Further from the diagonal than so many letters are more than so many edits.
        for j in range(max(1, i - most), min(len(columns) - 1, i + most) + 1):
            its = letters[j - 1]
            least = np.minimum(above[j] + 1, row[j - 1] + 1)
            least = np.minimum(least, above[j - 1] + (its != letter))
            if i > 1 and j > 1:
                swapped = (letters[j - 2] == letter) & (its == form[i - 2])
                least = np.where(swapped, np.minimum(least, before[j - 2] + 1), least)
            row[j] = np.minimum(least, far)
        before, above = above, row
    found: Array = np.stack(above)[lengths, np.arange(len(others))]
    return found
