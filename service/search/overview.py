"""A search as a page shows it: results, how they lie over time, what other filters would find.

One search brings results, counts and days. Each field that filters costs one more, without hits:
its values are alternatives, so each is counted as if its own field did not filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from time import perf_counter

from msgspec.structs import replace

from indexer.engines.contract import Engine, Field, Is, Query, Sort
from service.search import Count, Results, SearchRequest, answer, counts
from service.search.searching import ask, find
from service.search.timeline import MOST_YEARS, Timeline, over_time


@dataclass(frozen=True, slots=True)
class Overview:
    """One search: its results, whose ``facets`` count alternatives, and the days they lie on."""

    results: Results
    timeline: Timeline
    days: tuple[tuple[date, int], ...]


def overview(engine: Engine, request: SearchRequest) -> Overview:
    """Answer *request* with the counts of all fields. Raise QueryError or EngineError."""
    started = perf_counter()
    request = replace(request, facets=tuple(Field))
    results, page = answer(engine, request, days=True)
    facets = dict(results.facets)
    for chosen in request.filters:
        facets[chosen.field.value] = _alternatives(engine, request, chosen)
    timeline = over_time(page, _bounded(request), results.warnings)
    took_ms = round((perf_counter() - started) * 1000, 1)
    return Overview(replace(results, facets=facets, took_ms=took_ms), timeline, page.days)


def _alternatives(engine: Engine, request: SearchRequest, chosen: Is) -> tuple[Count, ...]:
    others = tuple(each for each in request.filters if each.field is not chosen.field)
    _, clause = ask(engine, replace(request, filters=others))
    page = find(engine, Query(clause, Sort.NEWEST, (chosen.field,)))
    return counts(page)[chosen.field.value]


def _bounded(request: SearchRequest) -> SearchRequest:
    """Return *request* without its days where they would draw ages in which nothing is found."""
    first, last = request.first, request.last
    if first and last and last.year - first.year <= MOST_YEARS:
        return request
    return replace(request, first=None, last=None)
