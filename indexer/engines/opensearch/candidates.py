"""The first hits as the cluster keeps them: their words, looked through together, their days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.opensearch.places import Array, Places, Terms, Words


class Candidates:
    """The first hits, given as the cluster keeps them."""

    def __init__(self, sources: Sequence[Mapping[str, Any]]) -> None:
        self.sources = sources
        self._words: dict[tuple[Scope, str], Words] = {}
        self._written: dict[Scope, Array] = {}
        self._places: dict[tuple[Scope, Terms], Places] = {}

    def __len__(self) -> int:
        return len(self.sources)

    @cached_property
    def days(self) -> list[int]:
        """The day of each."""
        return [source["day"] for source in self.sources]

    @cached_property
    def lengths(self) -> Array:
        """How many words each has."""
        return np.array([source["length"] for source in self.sources], np.float64)

    def places(self, part: Scope, terms: Terms) -> Places:
        """Return where *terms* stand in a part."""
        at = (part, terms)
        if at not in self._places:
            self._places[at] = self._in(part, terms.kind).places(terms)
        return self._places[at]

    def number(self, part: Scope, kind: str, words: Array) -> Array:
        """Return how many of these *words* of a part each has."""
        articles = self._in(part, kind).articles(words)
        return np.bincount(articles, minlength=len(self))

    def written(self, part: Scope, places: Places) -> Array:
        """Return how the forms at *places* in a part are written, as letters (entry.py)."""
        if part not in self._written:
            each = [source.get(f"{part.value}_written", "") for source in self.sources]
            self._written[part] = self._in(part, "forms").written(each)
        return self._written[part][places.readings]

    def _in(self, part: Scope, kind: str) -> Words:
        if (part, kind) not in self._words:
            names = (f"{part.value}_{kind}", f"{part.value}_readings")
            texts = [
                source.get(names[0]) or (source.get(names[1], "") if kind == "forms" else "")
                for source in self.sources
            ]
            self._words[part, kind] = Words(texts, ranking.NEAR_WINDOW)
        return self._words[part, kind]
