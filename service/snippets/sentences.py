"""Where sentences begin and end, as far as punctuation tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

# A line that goes on in small letters was only wrapped.
_GAP = re.compile(
    r"""
      (?<=[.!?…]) ["'”’»)\]]* \s+ (?= ["'“‘«(\[–—•-]* \s? [^\W_a-zà-ÿ] )
    | [^\S\n]* \n \s* (?![a-zà-ÿ])
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
        if not _abbreviated(text, match.start()):
            blanks = len(match.group()) - len(match.group().rstrip())
            yield Gap(match.end() - blanks, match.end())


def _abbreviated(text: str, place: int) -> bool:
    word = _LAST_WORD.search(text, max(0, place - 12), place)
    return word is not None and (len(word[1]) == 1 or word[1].lower() in _ABBREVIATIONS)


def _words() -> Iterator[str]:
    source = resources.files(__package__).joinpath("abbreviations.txt")
    for line in source.read_text(encoding="utf-8").splitlines():
        yield from line.partition("#")[0].split()


_ABBREVIATIONS = frozenset(_words())
