"""From a request to what an engine is asked: the words' clause, and the filters beside it."""

from __future__ import annotations

from indexer.engines.contract import AllOf, Clause, Engine, Page, Query, QueryTooBroad
from service.query import QueryError, parse
from service.search.inflections import inflect
from service.search.request import SearchRequest
from service.search.variants import Widened, widen


def ask(engine: Engine, request: SearchRequest) -> tuple[Widened, Clause]:
    """Return what *request* means, and the clause that all it asks must hold for."""
    parsed = parse(request.q, request.limits)
    wide = request.variants
    widened = widen(engine, inflect(parsed, request.q)) if wide else Widened(parsed)
    conditions = request.conditions()
    clause = widened.parsed.clause
    return widened, AllOf((clause, *conditions)) if conditions else clause


def find(engine: Engine, query: Query, *, offset: int = 0, limit: int = 0) -> Page:
    """Return what *engine* finds. Raise QueryError, or EngineError."""
    try:
        return engine.search(query, offset=offset, limit=limit)
    except QueryTooBroad as error:
        raise QueryError(str(error), code="query-too-broad") from error
