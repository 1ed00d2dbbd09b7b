"""A whole text as it is read: its paragraphs, each with what was found in it marked."""

from __future__ import annotations

import re

from indexer.engines.contract import Scope, Textual
from service.snippets.finding import find
from service.snippets.marked import Marked, marked
from service.snippets.sought import seek
from service.snippets.windows import Window

_PARAGRAPH = re.compile(r"\S.*")


def paragraphs(text: str, marks: tuple[Textual, ...]) -> tuple[Marked, ...]:
    """Return the lines of *text* that are not blank, with what *marks* ask for in a text."""
    matches = find(text, seek(marks, Scope.TEXT))
    found, first = [], 0
    for line in _PARAGRAPH.finditer(text):
        start, end = line.start(), line.start() + len(line.group().rstrip())
        while first < len(matches) and matches[first].start < start:
            first += 1
        last = first
        while last < len(matches) and matches[last].start < end:
            last += 1
        found.append(marked(text, Window(start, end), matches[first:last]))
        first = last
    return tuple(found)
