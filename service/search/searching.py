"""From a request to what an engine is asked: the words' clause, and the filters beside it."""

from __future__ import annotations

from indexer.engines.contract import AllOf, Engine, Page, Query, QueryTooBroad
from service.query import Parsed, QueryError, parse
from service.search.request import SearchRequest


def ask(request: SearchRequest) -> tuple[Parsed, AllOf]:
    """Return what *request* means, and the clause that all it asks must hold for."""
    parsed = parse(request.q)
    return parsed, AllOf((parsed.clause, *request.conditions()))


def find(engine: Engine, query: Query, *, offset: int = 0, limit: int = 0) -> Page:
    """Return what *engine* finds. Raise QueryError, or EngineError."""
    try:
        return engine.search(query, offset=offset, limit=limit)
    except QueryTooBroad as error:
        raise QueryError(str(error), code="query-too-broad") from error
