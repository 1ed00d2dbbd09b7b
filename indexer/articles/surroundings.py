"""The imprints above and below a story, parted from it.

A line that could be an imprint is one only where imprints stand: among the first lines, down to
the second paragraph, or below the last paragraph. Dates and names inside the story stay there.
"""

from __future__ import annotations

import re

from indexer.articles.boilerplate import footer_source
from indexer.articles.imprint import NOTHING, Imprint, is_bare_date, read_imprint
from indexer.articles.markup import BLANK, Line

_PARAGRAPH = 160  # characters; a shorter line may be anything
_HEAD = 12  # lines that may stand above the story
_TAIL = 6  # lines that may stand below it
_CHRONOLOGY = 3  # so many lines with nothing but a date are the story's own

_PLACE_AND_DATE = re.compile(r"[A-ZÀ-Þ][\w’' ]{1,30}(?:,|\s[|·–-])\s+(?:l[iì]\s+)?(\S.+)")


def part_imprint(lines: list[Line]) -> tuple[Imprint, list[Line]]:
    """Return what the lines around the story say, and *lines* with those blanked."""
    found: dict[int, Imprint] = {}
    around = _around(lines)
    for number in around:
        imprint = read_imprint(lines[number].words, sure=lines[number].linked)
        if imprint and not _may_be_story(lines, number, imprint):
            found[number] = imprint
        elif source := footer_source(lines[number].words):
            found[number] = Imprint(source=source)
    # One imprint vouches for the next: «- Di Gazzettino24» below «- Postato il 19 novembre 2025».
    filled = [number for number, line in enumerate(lines) if line.words]
    for number, above, below in zip(filled, [-1, *filled], [*filled[1:], -1], strict=False):
        if number in around and number not in found and (above in found or below in found):
            imprint = read_imprint(lines[number].words, sure=True)
            if imprint and not _may_be_story(lines, number, imprint):
                found[number] = imprint

    said = NOTHING
    # A date that is called the date of publication beats one that stands alone, as a clock does.
    for number in sorted(found, key=lambda number: (is_bare_date(lines[number].words), number)):
        said |= found[number]
    for number in around:
        said |= _place_and_date(lines[number].words)
    return said, [BLANK if number in found else line for number, line in enumerate(lines)]


def _around(lines: list[Line]) -> list[int]:
    filled = [number for number, line in enumerate(lines) if line.words]
    paragraphs = [number for number in filled if len(lines[number].words) > _PARAGRAPH]
    story_begins = paragraphs[1] if len(paragraphs) > 1 else len(lines)
    story_ends = paragraphs[-1] if paragraphs else -1
    head = [number for number in filled[:_HEAD] if number < story_begins]
    tail = [number for number in filled[-_TAIL:] if number > story_ends]
    dates = [number for number in filled if is_bare_date(lines[number].words)]
    own = dates if len(dates) >= _CHRONOLOGY else [n for n in dates if lines[n].level]
    return sorted({*head, *tail} - {*own})


def _may_be_story(lines: list[Line], number: int, imprint: Imprint) -> bool:
    words = lines[number].words
    if lines[number].linked or imprint != Imprint(author=imprint.author, source=imprint.source):
        return False
    if imprint.author and words[0].isupper() and not any(line.words for line in lines[:number]):
        return True  # «Di Maio Premier» is a title
    # Old files break their lines at a fixed width: «il libro», «di Mario Rossi», «è uscito».
    below = lines[number + 1].words if number + 1 < len(lines) else ""
    return below[:1].islower() and read_imprint(below) is None


def _place_and_date(words: str) -> Imprint:
    """«Roma, 19 novembre 2025» dates the story, and is a part of it."""
    match = _PLACE_AND_DATE.fullmatch(words)
    return read_imprint(match[1]) or NOTHING if match and is_bare_date(match[1]) else NOTHING
