"""A stretch of text as a reader sees it: on one line, its matches marked, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

import msgspec

from service.snippets.finding import Match
from service.snippets.windows import Window

# Blanks of any kind become one; what no page can show becomes one too.
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_SPECIAL = re.compile("[&<>\"']")  # what escape takes for more than itself


class Marked(msgspec.Struct, frozen=True):
    """A stretch of text; ``marks`` are places in *text* (start, end), in order, apart.

    Places count Unicode code points. ``html`` is the text escaped, with ``<mark>`` around each
    mark and no other element.
    """

    html: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


Snippet = Marked
"""A marked stretch of an article's text."""


Cut = tuple[tuple[Marked, ...], frozenset[int]]
"""What is shown of a text, and the terms that stand anywhere in it as they were asked."""


def marked(text: str, window: Window, matches: Iterable[Match]) -> Marked:
    """Return what *window* shows of *text* with the *matches* in it, «…» where it is cut."""
    start, end, cut_before, cut_behind = window
    shown = text[start:end]
    # Nearly always: then each place is where it was, and nothing need be put on one line.
    plain = shown.isprintable() and "  " not in shown
    safe = escape if _SPECIAL.search(shown) else str  # one look, not five in each piece
    written = "… " if cut_before else ""
    html = [written]
    marks: list[tuple[int, int]] = []
    place = 0
    for first, last in _apart(matches, start, end):
        before, inside = shown[place : first - start], shown[first - start : last - start]
        if not plain:
            before, inside = _line(before), _line(inside)
        written += before
        marks.append((len(written), len(written) + len(inside)))
        written += inside
        html += safe(before), "<mark>", safe(inside), "</mark>"
        place = last - start
    rest = shown[place:] if plain else _line(shown[place:])
    if cut_behind:
        rest += " …"
    html.append(safe(rest))
    return Marked("".join(html), written + rest, tuple(marks))


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _apart(matches: Iterable[Match], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches the *matches* cover: what overlaps is one, a phrase with its words."""
    first = last = start
    for match_start, match_end, _, _ in matches:
        if match_start < start or match_end > end:
            continue
        if match_start >= last:
            if last > first:
                yield first, last
            first = match_start
        if match_end > last:
            last = match_end
    if last > first:
        yield first, last
