"""From the text of a scraped page to a story and what is known of it.

    tags and entities   <p>citt&agrave;</p>              →  città
    markup              **in 28 punti**                  →  in 28 punti
    boilerplate         «Riproduzione riservata»         →  gone
    imprints            «- Postato il 19 novembre 2025»  →  fields
    title               a heading, or the first line     →  a field

A sentence taken out by mistake is worse than a line of furniture left in: every step takes whole
lines that it understands completely, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexer.articles.boilerplate import announces_link, drop_post_marks, is_boilerplate
from indexer.articles.characters import fold, one_line, tidy
from indexer.articles.encoding import mend
from indexer.articles.imprint import Imprint
from indexer.articles.markup import BLANK, Line, drop_tags, read_line
from indexer.articles.outlets import known_outlet
from indexer.articles.surroundings import part_imprint
from indexer.articles.titles import derive_title, is_title

_TITLE_WITHIN = 10  # lines; a main heading further down is a part of the story
_BLANK_RUN = re.compile(r"\n{3,}")
_DATELINE = re.compile(r"(?:[A-ZÀ-Þ][\w’'. ]{1,30},[^()]{4,25})?\((\w[\w .-]{1,20})\)\s*[-–—]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A story, what it is called and what stood around it."""

    title: str
    title_derived: bool
    text: str
    imprint: Imprint


def clean(raw: str, title: str = "") -> Cleaned:
    """Part the story in *raw* from its title, its imprints and the furniture of its page.

    A *title* that is known already is only taken off the story's beginning.
    """
    lines = [read_line(mend(line)) for line in tidy(drop_tags(raw)).split("\n")]
    imprint, lines = part_imprint(list(_without_boilerplate(lines)))
    title, lines = _part_title(list(_without_post_marks(lines)), one_line(title))
    text = _BLANK_RUN.sub("\n\n", "\n".join(line.words for line in lines)).strip()
    if not text:
        # One line alone is a story without a title rather than a title without a story.
        title, text = "", title
    imprint |= Imprint(source=_dateline_source(text))
    return Cleaned(title or derive_title(text), not title, text, imprint)


def _without_boilerplate(lines: Iterable[Line]) -> Iterator[Line]:
    announced = False
    for line in lines:
        if line.words and not (announced and line.only_link):
            announced = announces_link(line)
            yield BLANK if is_boilerplate(line) else line
        else:
            yield BLANK


def _without_post_marks(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        words = drop_post_marks(line.words)
        yield line if words is line.words else replace(line, words=words)


def _part_title(lines: list[Line], title: str) -> tuple[str, list[Line]]:
    """Return the title («» where there is none) and *lines* with it blanked."""
    filled = [number for number, line in enumerate(lines) if line.words]
    if not title:
        place = _title_place(lines, filled)
        if place is None:
            return "", lines
        title = lines[place].words
        lines = [*lines[:place], BLANK, *lines[place + 1 :]]
        filled.remove(place)
    # Pages repeat their title above the story.
    if filled and fold(lines[filled[0]].words) == fold(title):
        lines = [*lines[: filled[0]], BLANK, *lines[filled[0] + 1 :]]
    return title, lines


def _title_place(lines: list[Line], filled: list[int]) -> int | None:
    main = next((number for number in filled[:_TITLE_WITHIN] if lines[number].level == 1), None)
    if main is not None or not filled:
        return main
    first = filled[0]
    below = lines[first + 1].words if first + 1 < len(lines) else ""
    return first if lines[first].level or is_title(lines[first].words, below or None) else None


def _dateline_source(text: str) -> str | None:
    """The agency in front of a story: «Roma, 19 nov. (Adnkronos) - …»."""
    match = _DATELINE.match(text)
    return known_outlet(match[1]) if match else None
