"""The words around a place: a phrase is looked for where one of its words stands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from service.snippets import letters
from service.snippets.joined import Joined
from service.snippets.letters import BREAK, Kinds, Places


def surroundings(
    texts: Joined, kinds: Kinds, places: Places, words: int
) -> Iterator[tuple[int, int, str]]:
    """Yield stretches, apart, with so many *words* on either side of each of *places*.

    Of each: the number of its text, where in that text it starts, and what stands there. *kinds*
    are those of the texts' characters.
    """
    if not len(places):
        return
    breaks = (kinds == BREAK).nonzero()[0]
    begins, _ = letters.words(kinds)
    chunks = _distinct(breaks.searchsorted(places) - 1)
    # Of a chunk with letters at least one word is left, whatever the chain makes of it.
    wordy = _distinct(breaks.searchsorted(begins) - 1) if len(begins) else chunks
    nearest = wordy.searchsorted(chunks)
    first = np.minimum(wordy.take(nearest - words, mode="clip"), chunks)
    last = np.maximum(wordy.take(nearest + words, mode="clip"), chunks)
    numbers = texts.numbers_at(breaks[chunks] + 1)
    starts = np.maximum(breaks[first] + 1, texts.starts[numbers])
    ends = np.minimum(breaks[last + 1], texts.starts[numbers + 1] - 1)
    apart = np.ones(len(starts), bool)
    apart[1:] = starts[1:] > ends[:-1]
    ends = ends[np.append(apart[1:], True)]
    numbers, starts = numbers[apart], starts[apart]
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield number, start - int(texts.starts[number]), texts.whole[start:end]


def _distinct(ascending: Places) -> Places:
    another = np.ones(len(ascending), bool)
    another[1:] = ascending[1:] != ascending[:-1]
    return ascending[another]
