"""Texts with blanks between their chunks: by a kernel, and by the chain where it takes reading.

An apostrophe that may be a quote, and «gli dei», are for the chain: three texts in a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from indexer.engines.whoosh import native
from indexer.engines.whoosh.native.texts import blank
from indexer.engines.whoosh.sections import Array
from indexer.italian import blanked as blanked_by_chain
from indexer.italian.chunks import ASCII_BREAKS, WIDE_BREAKS
from indexer.italian.folding import APOSTROPHES

# blank.c has the same.
_BREAKS, _APOSTROPHE, _IN_WORDS, _OPENS_WORDS, _UNKNOWN = 1, 2, 4, 8, 16
_PLANE = 1 << 16
_EVERYDAY = (*range(0x250), *range(0x2000, 0x2070))  # the others are left to the chain if need be
_HALVES = range(0xD800, 0xE000)  # of surrogate pairs


def blanked(texts: Sequence[bytes]) -> Sequence[bytes | memoryview]:
    """Return the chunks of each of *texts*, in UTF-8, with blanks between them and one behind."""
    kernels = native.library()
    if not kernels:
        return [_read(text) for text in texts]
    written, ends, unread = blank(kernels, texts, character_kinds())
    pieces, first = list[bytes | memoryview](), 0
    for text, end, left_out in zip(texts, ends.tolist(), unread.tolist(), strict=True):
        pieces.append(_read(text) if left_out else written[first:end])
        first = end
    return pieces


def _read(text: bytes) -> bytes:
    return blanked_by_chain(text.decode("utf-8", "surrogatepass")) + b" "


@cache
def character_kinds() -> Array:
    """Return what each character of the first plane of Unicode is to the chain's first level."""
    kinds = np.full(_PLANE, _UNKNOWN, np.uint8)
    for code in _EVERYDAY:
        in_words, opens = (re.match(each, chr(code)) for each in (r"\w", r"[^\W\d]"))
        kinds[code] = _IN_WORDS * bool(in_words) | _OPENS_WORDS * bool(opens)
    kinds[[*map(ord, ASCII_BREAKS + WIDE_BREAKS), *_HALVES]] = _BREAKS
    kinds[[*map(ord, APOSTROPHES + "'")]] = _APOSTROPHE  # among them «`», which else breaks
    return kinds
