"""What the kernels know of each character, learnt when one is met first, with its 255 neighbours.

All of Unicode takes a second to ask about; a page has characters of five or six such blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import combining

import numpy as np

from indexer.compiled import address
from service.snippets import letters

# characters.h has the same.
_KNOWN, _SPACE, _BLANK, _ALNUM, _ALPHA, _SMALL, _COMBINING = (0x100 << bit for bit in range(7))
_BITS = 8

_SHOWN_AS_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_IN_SMALL = re.compile("[a-zà-ÿ]")
_LETTER = re.compile(r"[^\W\d_]")

_characters = np.zeros(0x110000, np.uint16)  # pages of it that are not used take no memory
ADDRESS = address(_characters)


def learnt(kernel: Callable[..., int], *arguments: object) -> int:
    """Return what *kernel* answers, told of the characters that it does not know yet."""
    while (answer := kernel(*arguments)) < 0:
        _learn(-1 - answer)
    return answer


def _learn(block: int) -> None:
    first = block << _BITS
    text = "".join(map(chr, range(first, first + (1 << _BITS))))
    _characters[first : first + len(text)] = letters.kinds(letters.codes(text)) | np.array(
        [_known(character) for character in text], np.uint16
    )


def _known(character: str) -> int:
    return (
        _KNOWN
        | _SPACE * character.isspace()
        | _BLANK * bool(_SHOWN_AS_BLANK.match(character))
        | _ALNUM * character.isalnum()
        | _ALPHA * bool(_LETTER.match(character))
        | _SMALL * bool(_IN_SMALL.match(character))
        | _COMBINING * bool(combining(character))
    )
