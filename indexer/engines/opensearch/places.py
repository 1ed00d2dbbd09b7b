"""Where terms stand in the words of some articles, as `entry` wrote them, of all at one look.

Words have numbers, over all these articles; between two articles there is room that no two words
are near across, and none that stand together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_BLANK, _BAR = b" |"
_REST = re.compile(b"[^ |]*")


@dataclass(frozen=True, slots=True, eq=False)  # made once for a query, and looked up often
class Terms:
    """What counts as one term: the words with this *beginning*, or those of them *among* some."""

    kind: str  # forms, stems
    beginning: str
    whole: bool = True  # nothing comes behind the beginning
    among: frozenset[str] | None = None


class Places(NamedTuple):
    """The places of some terms, each once for every form or stem that stands there.

    *readings* number what stands there as *words* do, but each reading of a word anew.
    """

    words: Array
    readings: Array


NOWHERE = Places(np.zeros(0, np.int64), np.zeros(0, np.int64))


class Words:
    """The words of one part of several articles; *apart* is how far words of two are apart."""

    def __init__(self, texts: Sequence[str], apart: int) -> None:
        gap = b" " + b"\n " * apart
        pieces = [text.encode() for text in texts]
        self._data = b" " + gap.join(pieces) + b" "
        self._sizes = [len(piece) for piece in pieces]
        self._gap = len(gap)
        self._apart = apart

    def places(self, terms: Terms) -> Places:
        """Return where *terms* stand."""
        found = self._whole(terms) if terms.whole else self._begun(terms)
        if not found:
            return NOWHERE
        starts = np.array([start for start, _ in found], np.int64)
        words = self._blanks.searchsorted(starts, "right") - 1
        readings = words + self._bars.searchsorted(starts, "right")
        if len({form for _, form in found}) > 1:
            forms = np.unique([form for _, form in found], return_inverse=True)[1]
            _, once = np.unique(np.stack([words, forms]), axis=1, return_index=True)
        else:
            _, once = np.unique(words, return_index=True)
        return Places(words[once], readings[once])

    def articles(self, words: Array) -> Array:
        """Return the numbers of the articles in which the *words* of these numbers stand."""
        return self._firsts.searchsorted(words, "right") - 1

    def written(self, each: Sequence[str]) -> Array:
        """Return how every reading is written, given how those of *each* article are."""
        pieces = []
        start = 1
        for size, its in zip(self._sizes, each, strict=True):
            end = start + size
            readings = 1 + self._data.count(b" ", start, end) + self._data.count(b"|", start, end)
            pieces.append(its.ljust(readings, "-"))
            start = end + self._gap
        return np.frombuffer(("-" * self._apart).join(pieces).encode(), np.uint8)

    @cached_property
    def _letters(self) -> Array:
        return np.frombuffer(self._data, np.uint8)

    @cached_property
    def _blanks(self) -> Array:
        return np.flatnonzero(self._letters == _BLANK)

    @cached_property
    def _bars(self) -> Array:
        return np.flatnonzero(self._letters == _BAR)

    @cached_property
    def _firsts(self) -> Array:
        sizes = np.array(self._sizes, np.int64) + self._gap
        return self._blanks.searchsorted(np.cumsum(sizes) - sizes)

    def _whole(self, terms: Terms) -> list[tuple[int, bytes]]:
        term = terms.beginning.encode()
        if terms.among is not None and terms.beginning not in terms.among:
            return []
        return [
            (start, term)
            for start in self._found(term)
            if self._data[start + 1 + len(term)] in b" |"
        ]

    def _begun(self, terms: Terms) -> list[tuple[int, bytes]]:
        beginning = terms.beginning.encode()
        among = None if terms.among is None else {form.encode() for form in terms.among}
        found = []
        for start in self._found(beginning):
            rest = _REST.match(self._data, start + 1 + len(beginning))
            assert rest
            form = beginning + rest.group()
            if form and (among is None or form in among):
                found.append((start, form))
        return found

    def _found(self, beginning: bytes) -> Iterator[int]:
        """Yield the place before each word, or reading, that begins so."""
        # Looked for with what stands before: a regular expression takes ten times as long.
        sought = b" " + beginning
        at = self._data.find(sought)
        while at >= 0:
            yield at
            at = self._data.find(sought, at + 1)
        for at in self._bars.tolist():  # few, and sooner looked at than all is looked through
            if self._data.startswith(beginning, at + 1):
                yield at


def within(others: Array, places: Array, distance: int) -> Array:
    """Return how many of *others*, which are sorted, each of *places* has at most so far away."""
    first = others.searchsorted(places - distance, "left")
    return others.searchsorted(places + distance, "right") - first
