"""What is asked, in the words of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from indexer.engines.contract import Between, Clause, Field, Is, Sort
from service.search.cursor import Cursor

PATH = "/search"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search.

    The values of one filter are alternatives; all filters must hold. ``first`` and ``last`` are
    days, both included. ``snippets`` is a number per result, ``snippet_length`` counts characters.
    A ``cursor`` walks in its own order, without an offset.
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

    def conditions(self) -> Iterator[Clause]:
        """Yield what must hold beside the words."""
        yield from self.filters
        if self.first or self.last:
            yield Between(self.first, self.last)

    def path(self) -> str:
        """Return the path and query that ask for exactly this, percent-encoded."""
        pairs: list[tuple[str, object]] = [
            (name, value)
            for name, value, default in (
                ("q", self.q, ""),
                ("offset", None if self.cursor else self.offset, None),
                ("limit", self.limit, None),
                ("sort", self.sort, Sort.RELEVANCE),
                ("from", self.first, None),
                ("to", self.last, None),
                ("facets", ",".join(self.facets), ""),
                ("snippets", self.snippets, 1),
                ("snippet_length", self.snippet_length, 200),
                ("cursor", self.cursor, None),
            )
            if value != default
        ]
        pairs += [(each.field, value) for each in self.filters for value in each.values]
        return f"{PATH}?{urlencode(pairs, safe=',')}"
