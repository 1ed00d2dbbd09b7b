"""What each character is to whoever looks for words: a letter, or what parts or joins letters.

One byte a character: letters folded, so that a text is compared with the beginnings of words all
at once, wherever they may stand in it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.italian import fold
from indexer.italian.chunks import ASCII_BREAKS, WIDE_BREAKS
from indexer.italian.folding import APOSTROPHES

Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.intp] | npt.NDArray[np.int32]

BREAK = 0  # ends a chunk
FOREIGN = 1  # what it folds to is for the chain to say
JOINT = 2  # may stand inside a chunk
APOSTROPHE = 3
# From here on letters and digits, as the ASCII codes of what they fold to.
DIGIT, LETTER = ord("0"), ord("a")
CAPITAL = 0x80  # is added to a letter's code

_PART_OF_WORDS = "_\u00ad"  # joins as a letter does; is not there for the chain
_LATIN = 0x250  # from here on all letters are foreign
_BEYOND = 0xFFFF  # what is not in the first plane of Unicode is as foreign as its last place


def codes(text: str) -> Codes:
    """Return the code points of *text*, which may not be empty."""
    return np.array(text, np.str_).reshape(1).view(np.uint32)


def kinds(some: Codes) -> Kinds:
    """Return what each character of *some* is."""
    return _KINDS.take(some, mode="clip")


def folded(some: Kinds) -> Kinds:
    """Return *some* without telling capitals."""
    return some & ~np.uint8(CAPITAL)


def words(kinds: Kinds) -> tuple[Places, Places]:
    """Return where words, letters in a row, begin and end."""
    letter = kinds >= DIGIT
    edges = (letter[1:] != letter[:-1]).nonzero()[0] + 1
    begins, ends = np.ascontiguousarray(edges.reshape(-1, 2).T)
    return begins, ends


def _kind(character: str) -> int:
    if character == "'" or character in APOSTROPHES:
        return APOSTROPHE
    if character in ASCII_BREAKS or character in WIDE_BREAKS:
        return BREAK
    if not character.isalnum():
        return JOINT if character < "\u0100" and character not in _PART_OF_WORDS else FOREIGN
    folded = fold(character)
    if len(folded) != 1 or not folded.isascii():
        return FOREIGN
    return ord(folded) | (CAPITAL if character.isupper() else 0)


def _table() -> Kinds:
    table = np.full(_BEYOND + 1, FOREIGN, np.uint8)
    table[0xD800:0xE000] = BREAK  # halves of surrogate pairs
    for code in (*range(_LATIN), *map(ord, WIDE_BREAKS + APOSTROPHES)):
        table[code] = _kind(chr(code))
    return table


_KINDS = _table()
