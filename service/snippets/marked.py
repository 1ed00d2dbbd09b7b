"""A stretch of text as a reader sees it: on one line, its matches marked, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from service.snippets.finding import Match
from service.snippets.windows import Window

# Blanks of any kind become one; what no page can show becomes one too.
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of text; ``marks`` are places in *text* (start, end), in order, apart.

    Places count Unicode code points. ``html`` is the text escaped, with ``<mark>`` around each
    mark and no other element.
    """

    html: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


Snippet = Marked
"""A marked stretch of an article's text."""


def marked(text: str, window: Window, matches: Iterable[Match]) -> Marked:
    """Return what *window* shows of *text* with the *matches* in it, «…» where it is cut."""
    written = "… " if window.cut_before else ""
    html = written
    marks: list[tuple[int, int]] = []
    place = window.start
    for first, last in _apart(matches, window.start, window.end):
        before, inside = _line(text[place:first]), _line(text[first:last])
        written += before
        marks.append((len(written), len(written) + len(inside)))
        written += inside
        html += f"{escape(before)}<mark>{escape(inside)}</mark>"
        place = last
    rest = _line(text[place : window.end]) + (" …" if window.cut_behind else "")
    return Marked(html + escape(rest), written + rest, tuple(marks))


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _apart(matches: Iterable[Match], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches the *matches* cover: what overlaps is one, a phrase with its words."""
    first = last = start
    for match in matches:
        if match.start < start or match.end > end:
            continue
        if match.start >= last:
            if last > first:
                yield first, last
            first = match.start
        last = max(last, match.end)
    if last > first:
        yield first, last
