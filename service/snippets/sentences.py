"""Where sentences begin and end, as far as punctuation tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

# Behind a stop, closing quotes and blanks, something that opens a sentence; or a new line, unless
# it goes on in small letters and was only wrapped. One class first: re then skips to the next stop.
_GAP = re.compile(
    r"""
    [.!?…\n] (?:
        (?<!\n) ["'”’»)\]]* \s+ (?= ["'“‘«(\[–—•-]* \s? [^\W_a-zà-ÿ] )
      | (?<=\n) \s* (?![a-zà-ÿ])
    )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"(?<![^\W_])([^\W\d_]+)\.$")


class Gap(NamedTuple):
    """The blanks between two sentences: ``text[:end]`` ends with one, ``text[start:]`` begins."""

    end: int
    start: int


def gaps(text: str, first: int, last: int) -> Iterator[Gap]:
    """Yield the gaps between sentences in ``text[first:last]``, in reading order."""
    for match in _GAP.finditer(text, first, last):
        stop, start = match.span()
        if not _abbreviated(text, stop + 1):
            yield Gap(stop + len(match.group().rstrip()), start)


def _abbreviated(text: str, place: int) -> bool:
    word = _LAST_WORD.search(text, max(0, place - 12), place)
    return word is not None and (len(word[1]) == 1 or word[1].lower() in ABBREVIATIONS)


def _words() -> Iterator[str]:
    source = resources.files(__package__).joinpath("abbreviations.txt")
    for line in source.read_text(encoding="utf-8").splitlines():
        yield from line.partition("#")[0].split()


ABBREVIATIONS = frozenset(_words())
