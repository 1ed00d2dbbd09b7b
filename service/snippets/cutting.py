"""Texts as a page shows them: whole, or the stretches that tell most, marked."""

from __future__ import annotations

from collections.abc import Sequence

from service.snippets import native
from service.snippets.finding import Match, Places
from service.snippets.joined import Joined
from service.snippets.marked import Cut, marked
from service.snippets.native import showing
from service.snippets.windows import Window, beginning, choose


def cut_all(
    texts: Joined, places: Places, wanted: Sequence[int], length: int, terms: int
) -> list[Cut]:
    """Return what is shown of *texts*, where at *places* stand terms, of which there are *terms*.

    Of each at most so many stretches as are *wanted*, of about *length* characters, the best
    first; all of it where none is.
    """
    if kernels := native.library():
        return showing.cut_all(kernels, texts, places, wanted, length, terms)
    matches = places.matches(len(texts))
    return [
        _cut(text, found, count, length)
        for text, found, count in zip(texts.texts, matches, wanted, strict=True)
    ]


def _cut(text: str, matches: Sequence[Match], count: int, length: int) -> Cut:
    if not count:
        windows = [Window(0, len(text))]
    else:
        windows = choose(text, matches, count, length) if matches else beginning(text, length)
    stretches = tuple(marked(text, window, matches) for window in windows)
    return stretches, frozenset(term for _, _, term, exact in matches if exact)
