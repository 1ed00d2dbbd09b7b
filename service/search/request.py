"""What is asked, in the words of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlencode

import msgspec

from indexer.engines.contract import Between, Clause, Field, Is, Sort
from service.limits import DEFAULTS, Limits
from service.search.cursor import Cursor

PATH = "/search"


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One search.

    The values of one filter are alternatives; all filters must hold. ``first`` and ``last`` are
    days, both included. ``snippets`` is a number per result, ``snippet_length`` counts characters.
    A ``cursor`` walks in its own order, without an offset. ``limits`` are the service's.
    """

    q: str = ""
    offset: int = 0
    limit: int = 10
    sort: Sort = Sort.RELEVANCE
    filters: tuple[Is, ...] = ()
    first: date | None = None
    last: date | None = None
    facets: tuple[Field, ...] = ()
    snippets: int = 1
    snippet_length: int = 200
    cursor: Cursor | None = None
    variants: bool = True
    explain: bool = False
    limits: Limits = DEFAULTS

    def conditions(self) -> Iterator[Clause]:
        """Yield what must hold beside the words."""
        yield from self.filters
        if self.first or self.last:
            yield Between(self.first, self.last)

    def narrowing(self) -> str:
        """Return which articles are meant, as the query of an address, percent-encoded."""
        return _written(self.narrow())

    def path(self, offset: int | None = None) -> str:
        """Return the path and query that ask for exactly this, or from *offset* on."""
        offset = self.offset if offset is None else offset
        pairs: list[tuple[str, object]] = [
            ("offset", None if self.cursor else offset),
            ("limit", self.limit),
            ("sort", None if self.sort is Sort.RELEVANCE else self.sort),
            ("facets", ",".join(self.facets) or None),
            ("snippets", None if self.snippets == 1 else self.snippets),
            ("snippet_length", None if self.snippet_length == 200 else self.snippet_length),
            ("cursor", self.cursor),
            ("variants", None if self.variants else 0),
            ("explain", 1 if self.explain else None),
        ]
        return f"{PATH}?{_written([*self.narrow(), *pairs])}"

    def narrow(self) -> list[tuple[str, object]]:
        """Return which articles are meant, as names and values of parameters, some None."""
        filters = [(each.field, value) for each in self.filters for value in each.values]
        return [("q", self.q or None), ("from", self.first), ("to", self.last), *filters]


def _written(pairs: Iterable[tuple[str, object]]) -> str:
    return urlencode([pair for pair in pairs if pair[1] is not None], safe=",")
