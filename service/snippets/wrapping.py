"""Where the paragraphs of a text begin and end: with its lines, or across lines cut to a width.

Mail, agencies and old systems cut lines at some 40 to 120 characters; there a line ends because
the next word would not have fitted. One that ends sooner was meant to: a paragraph's last, a
verse, an item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_WIDTHS = range(40, 121)
_FEWEST = 3  # lines that are full: two may be so by chance
_SHARE = 0.4  # of the lines that another follows: the others are verses, lists, last lines
_ITEM = re.compile(r"[•*▪◦]\s|\d{1,3}[.)]\s")
_DASH = re.compile(r"[-–—]\s")
_ENDS = tuple(".:;!?…»”\"'’)")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_full(self, following: _Line, width: int) -> bool:
        """Tell whether the first word of *following* would not have fitted into this line."""
        return len(self.text) + 1 + len(following.text.split(maxsplit=1)[0]) > width

    def begins_anew(self, before: _Line) -> bool:
        """Tell whether this is an item of a list, or somebody's turn to speak."""
        ended = before.text.endswith(_ENDS)
        return bool(_ITEM.match(self.text) or (ended and _DASH.match(self.text)))


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph of *text* begins and ends, without the blanks around it."""
    blocks = list(_blocks(text))
    width = _width(blocks)
    for block in blocks:
        for paragraph in _joined(block, width) if width else ([line] for line in block):
            yield paragraph[0].start, paragraph[-1].end


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Yield the lines between blank ones."""
    block: list[_Line] = []
    start = 0
    for whole in text.split("\n"):
        if line := whole.strip():
            block.append(_Line(start + whole.index(line), line))
        elif block:
            yield block
            block = []
        start += len(whole) + 1
    if block:
        yield block


def _width(blocks: list[list[_Line]]) -> int:
    """Return the width that lines were cut to, 0 where they were not."""
    several = [block for block in blocks if len(block) > 1]  # a title stands alone
    width = max((len(line.text) for block in several for line in block), default=0)
    if width not in _WIDTHS:
        return 0
    full = [line.is_full(after, width) for block in several for line, after in pairwise(block)]
    return width if sum(full) >= max(_FEWEST, _SHARE * len(full)) else 0


def _joined(block: list[_Line], width: int) -> Iterator[list[_Line]]:
    pairs = list(pairwise(block))
    full = [line.is_full(after, width) for line, after in pairs]
    # Lines that end early, and in no sentence's end either, are verses or names in a list.
    short = sum(
        not its and not line.text.endswith(_ENDS)
        for its, (line, _) in zip(full, pairs, strict=True)
    )
    paragraph = block[:1]
    for goes_on, (line, after) in zip(full, pairs, strict=True):
        if goes_on and short < sum(full) and not after.begins_anew(line):
            paragraph.append(after)
        else:
            yield paragraph
            paragraph = [after]
    yield paragraph
