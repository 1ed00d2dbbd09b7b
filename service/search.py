"""One search: what a reader asks in, what a reader sees out.

parse      the words             →  a clause, what to mark, warnings
filter     source=, from= …      →  more clauses; all must hold
search     the engine            →  a page of hits, the total, facets
present    each hit              →  a result: marked title, snippets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from urllib.parse import urlencode

from indexer.engines.contract import (
    AllOf,
    Between,
    Engine,
    Field,
    Hit,
    Is,
    Page,
    Query,
    QueryTooBroad,
    Scope,
    Sort,
)
from service.query import Parsed, QueryError, parse
from service.snippets import Snippet, mark, snippets

PATH = "/search"

MOST_FACET_VALUES = 100  # the most frequent ones; an archive may have ten thousand authors


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What is asked, in the words of the API.

    The values of one filter are alternatives; all filters must hold. ``first`` and ``last`` are
    days, both included. ``snippets`` is a number per result, ``snippet_length`` counts characters.
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

    def path(self) -> str:
        """Return the path and query that ask for exactly this, percent-encoded."""
        pairs: list[tuple[str, object]] = [
            (name, value)
            for name, value, default in (
                ("q", self.q, ""),
                ("offset", self.offset, None),
                ("limit", self.limit, None),
                ("sort", self.sort, Sort.RELEVANCE),
                ("from", self.first, None),
                ("to", self.last, None),
                ("facets", ",".join(self.facets), ""),
                ("snippets", self.snippets, 1),
                ("snippet_length", self.snippet_length, 200),
            )
            if value != default
        ]
        pairs += [(each.field, value) for each in self.filters for value in each.values]
        return f"{PATH}?{urlencode(pairs, safe=',')}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the articles found have *value*."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One article found. ``title_html`` is escaped, ``<mark>`` the only element in it."""

    id: str
    title: str
    title_html: str
    date: str | None
    source: str | None
    author: str | None
    section: str | None
    tags: tuple[str, ...]
    url: str | None
    score: float
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What is answered; the API sends exactly these fields.

    ``total`` and ``facets`` count every article found, not this page. ``next`` is the path and
    query of the following page.
    """

    query: str
    total: int
    offset: int
    limit: int
    took_ms: float
    warnings: tuple[str, ...]
    suggestion: str | None
    next: str | None
    facets: Mapping[str, tuple[Count, ...]]
    results: tuple[Result, ...]


def search(engine: Engine, request: SearchRequest) -> Results:
    """Answer *request* from *engine*. Raise QueryError or EngineError."""
    started = perf_counter()
    # Half a surrogate pair cannot be written as UTF-8: not into the answer, not into a path.
    request = replace(request, q=request.q.encode(errors="replace").decode())
    parsed = parse(request.q)
    query = Query(AllOf((parsed.clause, *_filters(request))), request.sort, request.facets)
    try:
        page = engine.search(query, offset=request.offset, limit=request.limit)
    except QueryTooBroad as error:
        raise QueryError(str(error), code="query-too-broad") from error
    following = replace(request, offset=request.offset + request.limit)
    return Results(
        query=request.q,
        total=page.total,
        offset=request.offset,
        limit=request.limit,
        warnings=parsed.warnings,
        suggestion=None,
        next=following.path() if following.offset < page.total else None,
        facets=_counts(page),
        results=tuple(_result(hit, parsed, request) for hit in page.hits),
        took_ms=round((perf_counter() - started) * 1000, 1),
    )


def _filters(request: SearchRequest) -> Iterator[Is | Between]:
    yield from request.filters
    if request.first or request.last:
        yield Between(request.first, request.last)


def _result(hit: Hit, parsed: Parsed, request: SearchRequest) -> Result:
    article = hit.article
    shown = Scope.TEXT if article.title_derived else Scope.TITLE
    return Result(
        id=article.id,
        title=article.title,
        title_html=mark(article.title, parsed.marks, shown).html,
        date=article.date,
        source=article.source,
        author=article.author,
        section=article.section,
        tags=article.tags,
        url=article.url,
        score=round(hit.score, 4),
        snippets=snippets(
            article.text, parsed.marks, count=request.snippets, length=request.snippet_length
        ),
    )


def _counts(page: Page) -> dict[str, tuple[Count, ...]]:
    return {
        field.value: tuple(
            Count(value, count)
            for value, count in sorted(counts, key=lambda pair: (-pair[1], pair[0]))
        )[:MOST_FACET_VALUES]
        for field, counts in page.facets.items()
    }
