"""A whole text as it is read: its paragraphs, each with what was found in it marked."""

from __future__ import annotations

from indexer.engines.contract import Scope, Textual
from service.snippets.finding import find
from service.snippets.marked import Marked, marked
from service.snippets.sought import seek
from service.snippets.windows import Window
from service.snippets.wrapping import paragraph_spans


def paragraphs(text: str, marks: tuple[Textual, ...]) -> tuple[Marked, ...]:
    """Return the paragraphs of *text*, with what *marks* ask for in a text."""
    matches = find(text, seek(marks, Scope.TEXT))
    found, first = [], 0
    for start, end in paragraph_spans(text):
        while first < len(matches) and matches[first].start < start:
            first += 1
        last = first
        while last < len(matches) and matches[last].start < end:
            last += 1
        found.append(marked(text, Window(start, end), matches[first:last]))
        first = last
    return tuple(found)
