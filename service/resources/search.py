"""GET and POST /search: the parameters of the API → a search → JSON, with a Link to the next page.

POST takes the same parameters as a JSON object, for searches too long for an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import falcon
from msgspec import structs

from indexer.engines.contract import Engine, Field, Is, Sort
from service.feeds import ATOM, feed_path
from service.limits import DEFAULTS, Limits
from service.page.wording import day
from service.query import QueryError
from service.resources.bodies import read_object
from service.resources.parameters import (
    Choice,
    Choices,
    Given,
    Number,
    Parameter,
    Periods,
    Text,
    Values,
    read_given,
)
from service.search import Results, SearchRequest, search
from service.search.cursor import START, read_cursor

Note = Callable[[SearchRequest, Results], None]
"""What is done with a search that has been answered."""

MOST_RESULTS = 100

Q = Text(
    name="q",
    meaning="What is searched, as one types it; without it the newest articles are listed.",
    example="piano di pace",
)
FROM = Periods(
    name="from",
    meaning="Only articles of this day, month or year, or later; also «19 novembre 2025».",
    example=["2025-11"],
)
TO = Periods(
    name="to",
    meaning="Only articles of this day, month or year, or earlier; also «30/11/25».",
    example=["2025-11-30"],
)
FILTERS = {
    name: Values(name=name, meaning=f"Only articles whose {name} is this; repeatable.")
    for name in Field
}
OFFSET = Number(
    name="offset",
    meaning="How many results to pass over.",
    default=0,
    lowest=0,
    highest=DEFAULTS.offset,
)
LIMIT = Number(
    name="limit", meaning="How many results to answer.", default=10, lowest=1, highest=MOST_RESULTS
)
PAGE = Number(
    name="page",
    meaning="Another way to say offset.",
    default=1,
    lowest=1,
    highest=DEFAULTS.offset // MOST_RESULTS,
)
PER_PAGE = replace(LIMIT, name="per_page", meaning="Another way to say limit.")
CURSOR = Text(
    name="cursor",
    meaning=f"{START} begins a walk through all that match; `next` of each page goes on.",
    example=START,
)
SORT = Choice(name="sort", meaning="The order.", default=Sort.RELEVANCE)
FACETS = Choices(
    name="facets", meaning="Fields to count what is found by.", example=["source"], kind=Field
)
SNIPPETS = Number(name="snippets", meaning="Snippets per result.", default=1, lowest=0, highest=5)
SNIPPET_LENGTH = Number(
    name="snippet_length",
    meaning="How long a snippet is, in characters.",
    default=200,
    lowest=40,
    highest=1000,
)
VARIANTS = Number(
    name="variants",
    meaning="0 leaves out other spellings of the names in q.",
    default=1,
    lowest=0,
    highest=1,
)
EXPLAIN = Number(
    name="explain",
    meaning="1 adds to each result why it was found.",
    default=0,
    lowest=0,
    highest=1,
)
NARROWING: tuple[Parameter[object], ...] = (Q, FROM, TO, *FILTERS.values())
"""Which articles are meant, wherever it is asked."""

PARAMETERS: tuple[Parameter[object], ...] = (
    Q,
    OFFSET,
    LIMIT,
    PAGE,
    PER_PAGE,
    CURSOR,
    SORT,
    *NARROWING[1:],
    FACETS,
    SNIPPETS,
    SNIPPET_LENGTH,
    VARIANTS,
    EXPLAIN,
)


class SearchResource:
    """Answers one page of results."""

    def __init__(self, engine: Engine, page_size: int, limits: Limits, note: Note) -> None:
        self._engine = engine
        self._page_size = page_size
        self._limits = limits
        self._note = note

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Search the index for what the address says."""
        self._answer(read_given(req.params, PARAMETERS), resp)

    on_head = on_get

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Search the index for what the body says."""
        if any(parameter.name in req.params for parameter in PARAMETERS):
            raise QueryError(
                f"Send {', '.join(req.params)} in the body, not in the address.",
                code="unknown-parameter",
            )
        read_given(req.params)
        given = read_object(req, PARAMETERS, self._limits.search_body)
        self._answer(read_given(given, PARAMETERS), resp)

    def _answer(self, given: Given, resp: falcon.Response) -> None:
        request = read_request(given, self._page_size, self._limits)
        results = search(self._engine, request)
        resp.media = results
        self._note(request, results)
        feed = feed_path(request)
        links = [f'<{feed}>; rel="alternate"; type="{ATOM}"', '</opensearch.xml>; rel="search"']
        if results.next:
            links.insert(0, f'<{results.next}>; rel="next"')
        resp.set_header("Link", ", ".join(links))


def read_request(given: Given, page_size: int, limits: Limits = DEFAULTS) -> SearchRequest:
    """Read what is asked; *page_size* results where no number is. Raise QueryError."""
    narrow = read_narrow(given, limits)
    cursor = None
    if CURSOR in given:
        if any(parameter in given for parameter in (OFFSET, PAGE)):
            raise QueryError(
                "cursor goes on where the page before ended: leave offset and page out.",
                code="invalid-parameter",
            )
        cursor = read_cursor(given[CURSOR], given.get(SORT))
    offset, limit = _stretch(given, page_size, limits)
    return structs.replace(
        narrow,
        offset=offset,
        limit=limit,
        sort=cursor.sort if cursor else given[SORT],
        facets=given[FACETS],
        snippets=given[SNIPPETS],
        snippet_length=given[SNIPPET_LENGTH],
        cursor=cursor,
        variants=bool(given[VARIANTS]),
        explain=bool(given[EXPLAIN]),
    )


def read_narrow(given: Given, limits: Limits = DEFAULTS) -> SearchRequest:
    """Read which articles are meant. Raise QueryError."""
    first = min((period[0] for period in given[FROM]), default=None)
    last = max((period[1] for period in given[TO]), default=None)
    if first and last and first > last:
        raise QueryError(
            f"from ({first}) lies after to ({last}): exchange them.",
            code="invalid-parameter",
            italian=f"Le date si escludono: «dal» ({day(first)}) viene dopo «al» ({day(last)}). "
            "Scambiale, o cambiane una.",
        )
    filters = (Is(name, given[values]) for name, values in FILTERS.items() if values in given)
    return SearchRequest(q=given[Q], filters=tuple(filters), first=first, last=last, limits=limits)


@lru_cache(maxsize=64)
def highest(number: Number, limits: Limits) -> Number:
    """Return *number* as it is bounded here."""
    if number.name == OFFSET.name:
        return replace(number, highest=limits.offset)
    if number.name == PAGE.name:
        return replace(number, highest=max(1, limits.offset // MOST_RESULTS))
    return number


@lru_cache(maxsize=64)
def _by_default(number: Number, page_size: int) -> Number:
    return replace(number, default=page_size)


def _stretch(given: Given, page_size: int, limits: Limits) -> tuple[int, int]:
    if PAGE not in given and PER_PAGE not in given:
        return given[highest(OFFSET, limits)], given[_by_default(LIMIT, page_size)]
    if OFFSET in given or LIMIT in given:
        raise QueryError(
            "page and per_page say the same as offset and limit: use one pair of them.",
            code="invalid-parameter",
            italian="Nell’indirizzo «page» e «per_page» dicono lo stesso di «offset» e «limit»: "
            "usa solo gli uni o solo gli altri.",
        )
    limit = given[_by_default(PER_PAGE, page_size)]
    return (given[highest(PAGE, limits)] - 1) * limit, limit
