"""Which stretches of a text tell a reader most about what was found in it.

    matches  →  the best group that fits in one stretch  →  widened to whole sentences

Where a sentence is too long, it is cut between words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining

from service.snippets.finding import Match
from service.snippets.groups import best, first_of_each, weigh
from service.snippets.sentences import gaps

_VISIBLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]")
_SPAN = 0.8  # of the length for the matches, so that words around them find room
_SHOWN = 0.3  # what a term is worth that an earlier snippet has shown
_WHOLE = 0.6  # of the length: from here on whole sentences are better than a full stretch
_LONG_WORD = 40


class Window(NamedTuple):
    """``text[start:end]``, and whether a sentence is cut at either end."""

    start: int
    end: int
    cut_before: bool = False
    cut_behind: bool = False


def beginning(text: str, length: int) -> list[Window]:
    """Return the first *length* characters of *text*, or so; nothing of a blank one."""
    start = _opening(text)
    return [_widened(text, start, start, length, 0, len(text))] if start < len(text) else []


def choose(text: str, matches: Sequence[Match], count: int, length: int) -> list[Window]:
    """Return at most *count* windows on *matches*, apart from one another, the best first."""
    weights = weigh(matches)
    windows: list[Window] = []
    free = first_of_each(matches)
    while free and len(windows) < count:
        group = best(free, weights, length * _SPAN, [window.start for window in windows])
        window = _around(text, group, length, *_room(text, group[0].start, windows))
        windows.append(window)
        if len(windows) < count:
            free = [each for each in free if each.end <= window.start or each.start >= window.end]
            for term in {match.term for match in group}:
                weights[term] *= _SHOWN
    return windows


def _room(text: str, place: int, taken: Sequence[Window]) -> tuple[int, int]:
    """Return from where to where a window at *place* may reach."""
    if not taken:
        return 0, len(text)
    floor = max((window.end for window in taken if window.end <= place), default=0)
    ceiling = min((window.start for window in taken if window.start >= place), default=len(text))
    return floor, ceiling


def _around(text: str, group: Sequence[Match], length: int, floor: int, ceiling: int) -> Window:
    """Return the window on *group*, less the first match where that saves a sentence from a cut."""
    last = max([match.end for match in group])
    window = _widened(text, group[0].start, last, length, floor, ceiling)
    if not window.cut_before:
        return window
    for place, first in enumerate(group, 1):
        others = group[place:]
        if not any(_replaces(other, first) for other in others):
            break
        tighter = _widened(text, others[0].start, last, length, floor, ceiling)
        if not tighter.cut_before:
            return tighter
    return window


def _replaces(one: Match, other: Match) -> bool:
    return one.term == other.term and one.exact >= other.exact


def _widened(text: str, first: int, last: int, length: int, floor: int, ceiling: int) -> Window:
    """Return the window that shows ``text[first:last]`` and stays within floor and ceiling."""
    stop = _blanks_off(text, ceiling, floor)
    earliest = max(floor, last - length)
    starts = _sentence_starts(text, earliest, first)
    if starts:
        start = next((start for start in starts if stop - start <= length), starts[-1])
    else:
        lead = max(0, length - (last - first)) // 3
        start = _word_start(text, max(earliest, min(first - lead, stop - length)), first, floor)
    limit = max(last, start + length)
    if stop <= limit:
        return Window(start, stop, not starts, stop < _blanks_off(text, len(text), stop))
    ends = [end for end, _ in gaps(text, last, limit) if end >= start + length * _WHOLE]
    if ends:
        return Window(start, _blanks_off(text, ends[-1], last), not starts, False)
    end = _word_end(text, last, limit, stop)
    if end == start:
        end = _sign_end(text, start, limit)
    return Window(start, end, not starts, end < _blanks_off(text, len(text), end))


def _sentence_starts(text: str, earliest: int, first: int) -> list[int]:
    opening = _opening(text)
    starts = [opening] if earliest <= opening <= first else []
    for _, start in gaps(text, max(opening, earliest - 1), first + 1):
        if earliest <= start <= first:
            starts.append(start)
    return starts


def _opening(text: str) -> int:
    if text[:1].isprintable() and text[:1].strip():
        return 0  # nearly always
    visible = _VISIBLE.search(text)
    return visible.start() if visible else len(text)


def _blanks_off(text: str, end: int, start: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _word_start(text: str, earliest: int, first: int, floor: int) -> int:
    """Return where the first word from *earliest* on begins, at most *first*."""
    for place in range(max(earliest, 1), first):
        if _begins_word(text, place):
            return place
    for place in range(earliest, max(floor, earliest - _LONG_WORD) - 1, -1):
        if place == floor or _begins_word(text, place):
            return place
    return first


def _begins_word(text: str, place: int) -> bool:
    letter = text[place]
    return text[place - 1].isspace() and not letter.isspace() and not combining(letter)


def _word_end(text: str, last: int, limit: int, stop: int) -> int:
    """Return where the last word up to *limit* ends, at least *last*."""
    for place in range(limit, last - 1, -1):
        if text[place].isspace():
            return _blanks_off(text, place, last)
    for place in range(limit, min(stop, limit + _LONG_WORD)):
        if text[place].isspace():
            return place
    return stop if stop <= limit + _LONG_WORD else last


def _sign_end(text: str, start: int, limit: int) -> int:
    """Return a place to cut a word as long as a page: at *limit*, no sign parted from its marks."""
    while limit > start + 1 and (combining(text[limit]) or text[limit] in "\u200d\ufe0f"):
        limit -= 1
    return limit
