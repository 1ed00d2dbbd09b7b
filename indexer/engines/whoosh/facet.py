"""The values of one field of a segment's articles: what filters compare and facets count."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from indexer.engines.contract import Field
from indexer.engines.whoosh.places import places_of
from indexer.engines.whoosh.sections import Array, Sections
from indexer.italian import fold


class Facet:
    """The values of one field, and which article has which."""

    def __init__(self, sections: Sections, field: Field) -> None:
        self.values: list[str] = json.loads(sections.array(f"{field}_values").whole().tobytes())
        self.entries: Array = sections.array(f"{field}_entries").whole()
        self._ends = sections.array(f"{field}_ends").whole().astype(np.int64)

    @cached_property
    def folded(self) -> list[str]:
        """The values as filters compare them."""
        return [fold(value) for value in self.values]

    @cached_property
    def _only(self) -> Array | None:
        """Return the value of each article, one too high for those with none; None: some have two.

        Most fields have one value; a mask and a count are one step then.
        """
        held = np.diff(self._ends)
        if held.max(initial=0) > 1:
            return None
        only = np.full(len(held), len(self.values), np.min_scalar_type(len(self.values)))
        only[held > 0] = self.entries
        return only

    @cached_property
    def owners(self) -> Array:
        """The article of each entry."""
        return np.repeat(np.arange(len(self._ends) - 1), np.diff(self._ends))

    def having(self, chosen: Iterable[int], articles: int) -> Array:
        """Return the mask of articles that have one of the values number *chosen*."""
        wanted = np.zeros(len(self.values) + 1, bool)
        wanted[list(chosen)] = True
        if self._only is not None:
            return wanted.take(self._only)
        mask = np.zeros(articles, bool)
        mask[self.owners[wanted[self.entries]]] = True
        return mask

    def of_each(self, articles: Array) -> tuple[Array, Array]:
        """Return the values of *articles*, those of each together, and how many each has."""
        firsts = self._ends[articles]
        counts = self._ends[articles + 1] - firsts
        return self.entries[places_of(firsts, counts)], counts

    def counts(self, mask: Array) -> Array:
        """Return how many articles of *mask* have each value."""
        values = len(self.values)
        if self._only is not None:
            return np.bincount(self._only[mask], minlength=values + 1)[:values]
        return np.bincount(self.entries[mask[self.owners]], minlength=values)
