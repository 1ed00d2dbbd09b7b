"""Postings as arrays: which articles hold a term, how often, where.

A posting is an article's number (16 bits: a segment holds at most 65,536 articles) and a code:

    bits 0-3  times in the text; 15: more than fits, the counts stand in the table of big ones
    bit 4     in the title
    bit 5     mostly written with a capital
    bit 6     mostly written with an accent
    bit 7     the article holds other forms of the same stem too: the stem's own term counts it

Its positions count the words of the title from 0, and of the text from one behind the title's
end, so that no phrase runs from the one into the other. A stem's own term has no positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines.whoosh.keys import Keys
from indexer.engines.whoosh.sections import Array

MOST_ARTICLES = 1 << 16
TEXT = 0x0F
TITLE = 0x10
CAPITAL = 0x20
ACCENTED = 0x40
SHARED = 0x80
BIG = 0x0F
"""The value of the text bits that sends to the table of big counts."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Terms (rows of *vocabulary*, their keys) and the postings of each.

    Those of ``terms[i]`` stand from ``starts[i]`` to ``starts[i + 1]``; articles ascend.
    ``big`` has three rows: place of the posting, times in the title, times in the text; its
    columns ascend by place.
    """

    vocabulary: Keys | Sequence[bytes]
    terms: Array
    starts: Array
    position_starts: Array
    numbers: Array
    codes: Array
    positions: Array
    big: Array

    def position_counts(self) -> Array:
        """Return how many positions each posting has: none in a stem's own term."""
        counts = TIMES[self.codes]
        counts[self.big[0]] = self.big[1] + self.big[2]
        placed = np.diff(self.position_starts) > 0
        return np.where(np.repeat(placed, np.diff(self.starts)), counts, 0)


SKIP_BITS = 6
"""Where the positions of every 64th posting begin is written down; between, counts are added."""

TIMES = (np.arange(256) & TEXT) + (np.arange(256) & TITLE).astype(bool)
"""Code → how often the term stands in the article, where that fits the code."""


def encode(titles: Array, texts: Array) -> tuple[Array, Array]:
    """Return the codes of counts, flags still off, and the columns of the table of big ones."""
    big = np.flatnonzero((texts > BIG - 1) | (titles > 1))
    codes = texts.astype(np.uint8)
    codes[big] = BIG
    codes |= (titles > 0).astype(np.uint8) << np.uint8(4)
    return codes, np.stack([big, titles[big], texts[big]]).astype(np.int64)
