"""Where links lead: a search written as an address, and the searches that are one step away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from indexer.engines.contract import Field, Is, Sort
from indexer.italian import fold
from service.search import SearchRequest

HOME = "/"
_PLAIN = SearchRequest()


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses around one search; what every search takes for granted is left out."""

    request: SearchRequest
    page_size: int

    def pairs(self, request: SearchRequest | None = None) -> list[tuple[str, str]]:
        """Return *request*, by itself the one here, as names and values of parameters."""
        asked = request or self.request
        own: list[tuple[str, object]] = [
            ("sort", asked.sort.value if asked.sort is not _PLAIN.sort else None),
            ("offset", asked.offset or None),
            ("limit", asked.limit if asked.limit != self.page_size else None),
            ("snippets", asked.snippets if asked.snippets != _PLAIN.snippets else None),
            (
                "snippet_length",
                asked.snippet_length if asked.snippet_length != _PLAIN.snippet_length else None,
            ),
            ("variants", None if asked.variants else 0),
        ]
        return [(name, str(value)) for name, value in [*asked.narrow(), *own] if value is not None]

    def address(self, request: SearchRequest | None = None) -> str:
        """Return the path and query of *request*, by itself the one here."""
        query = urlencode(self.pairs(request))
        return f"{HOME}?{query}" if query else HOME

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """Return what a form of this search keeps, beside the fields *without* which it comes."""
        return [pair for pair in self.pairs() if pair[0] not in (*without, "offset")]

    def at(self, offset: int) -> str:
        """Return the address of the results from *offset* on."""
        return self.address(replace(self.request, offset=offset))

    def sorted_by(self, sort: Sort) -> str:
        """Return the address of the same articles in another order."""
        return self.address(replace(self.request, sort=sort, offset=0))

    def asking(self, q: str) -> str:
        """Return the address of the same search for other words."""
        return self.address(replace(self.request, q=q, offset=0))

    def during(self, first: date | None, last: date | None) -> str:
        """Return the address of the same search in the days from *first* to *last*."""
        return self.address(replace(self.request, first=first, last=last, offset=0))

    def unfiltered(self) -> str:
        """Return the address of a search for the same words alone."""
        return self.address(replace(self.request, filters=(), first=None, last=None, offset=0))

    def toggled(self, field: Field, value: str) -> str:
        """Return the address with *value* chosen in *field*, or no longer chosen where it is."""
        kept = tuple(each for each in self.chosen(field) if fold(each) != fold(value))
        values = kept if len(kept) < len(self.chosen(field)) else (*kept, value)
        changed = {each.field: each for each in self.request.filters} | {field: Is(field, values)}
        filters = tuple(each for each in changed.values() if each.values)
        return self.address(replace(self.request, filters=filters, offset=0))

    def chosen(self, field: Field) -> tuple[str, ...]:
        """Return the values that *field* is filtered by."""
        return next((each.values for each in self.request.filters if each.field is field), ())


def article_address(article_id: str, q: str = "") -> str:
    """Return where the article lives, with the words to mark in it."""
    path = f"/articles/{quote(article_id, safe='')}"
    return f"{path}?{urlencode({'q': q})}" if q.strip() else path
