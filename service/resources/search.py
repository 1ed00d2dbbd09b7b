"""GET /search: the parameters of the API → a search → JSON, with a Link to the next page."""

from __future__ import annotations

import falcon

from indexer.engines.contract import Engine, Field, Is, Sort
from service.query import QueryError
from service.resources.parameters import Parameters
from service.search import SearchRequest, search

MOST_RESULTS = 100
HIGHEST_OFFSET = 1_000_000_000  # beyond any archive; keeps numbers small enough for any engine

SINGLES = (
    "q",
    "offset",
    "limit",
    "page",
    "per_page",
    "sort",
    "from",
    "to",
    "facets",
    "snippets",
    "snippet_length",
)
REPEATABLE = tuple(Field)


class SearchResource:
    """Answers one page of results."""

    def __init__(self, engine: Engine, page_size: int) -> None:
        self._engine = engine
        self._page_size = page_size

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Search the index."""
        parameters = Parameters(req.params, SINGLES, REPEATABLE)
        results = search(self._engine, read_request(parameters, self._page_size))
        resp.media = results
        if results.next:
            resp.set_header("Link", f'<{results.next}>; rel="next"')

    on_head = on_get


def read_request(parameters: Parameters, page_size: int) -> SearchRequest:
    """Read what is asked; *page_size* results where no number is. Raise QueryError."""
    offset, limit = _stretch(parameters, page_size)
    first, last = parameters.period("from")[0], parameters.period("to")[1]
    if first and last and first > last:
        raise QueryError(
            f"from ({first}) lies after to ({last}): exchange them.", code="invalid-parameter"
        )
    return SearchRequest(
        q=parameters.text("q"),
        offset=offset,
        limit=limit,
        sort=parameters.choice("sort", Sort.RELEVANCE),
        filters=tuple(Is(name, parameters.all(name)) for name in Field if name in parameters),
        first=first,
        last=last,
        facets=parameters.choices("facets", Field),
        snippets=parameters.number("snippets", 1, 0, 5),
        snippet_length=parameters.number("snippet_length", 200, 40, 1000),
    )


def _stretch(parameters: Parameters, page_size: int) -> tuple[int, int]:
    if "page" not in parameters and "per_page" not in parameters:
        offset = parameters.number("offset", 0, 0, HIGHEST_OFFSET)
        return offset, parameters.number("limit", page_size, 1, MOST_RESULTS)
    if "offset" in parameters or "limit" in parameters:
        raise QueryError(
            "page and per_page say the same as offset and limit: use one pair of them.",
            code="invalid-parameter",
        )
    limit = parameters.number("per_page", page_size, 1, MOST_RESULTS)
    page = parameters.number("page", 1, 1, HIGHEST_OFFSET // MOST_RESULTS)
    return (page - 1) * limit, limit
