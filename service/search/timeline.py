"""How many articles are found over time: by day, week, month or year, with zeros between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from indexer.engines.contract import Engine, Page, Query, Sort
from service.query import QueryError
from service.search.request import SearchRequest
from service.search.searching import ask, find

MOST_STEPS = 4_000
MOST_YEARS = 100  # that one looks at at once


class Step(StrEnum):
    """How wide a step is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


# The number of a day's step from the beginning of the calendar, whose first day was a Monday.
_NUMBERS: dict[Step, Callable[[date], int]] = {
    Step.DAY: date.toordinal,
    Step.WEEK: lambda day: (day.toordinal() - 1) // 7,
    Step.MONTH: lambda day: day.year * 12 + day.month - 1,
    Step.YEAR: lambda day: day.year,
}


@dataclass(frozen=True, slots=True)
class StepCount:
    """The days from ``start`` to ``end``, both included and asked for, and their articles."""

    start: date
    end: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What is found over time. ``undated`` articles are of ``total`` and of no step."""

    query: str
    total: int
    undated: int
    step: Step
    warnings: tuple[str, ...]
    steps: tuple[StepCount, ...]


def timeline(engine: Engine, request: SearchRequest, step: Step | None) -> Timeline:
    """Count what *request* finds, by *step*, else by the finest that leaves a hundred or so.

    The steps reach from the first to the last day asked for, else found. Raise QueryError where
    they are too many.
    """
    widened, clause = ask(engine, request)
    page = find(engine, Query(clause, Sort.NEWEST, days=True))
    return over_time(page, request, widened.warnings(), step)


def over_time(
    page: Page, request: SearchRequest, warnings: tuple[str, ...], step: Step | None = None
) -> Timeline:
    """Return the timeline of *page*, which answers *request* and counts days."""
    found = [day for day, _ in page.days]
    bounds = [*found[:1], *found[-1:]]
    if request.first and (found or request.last):
        bounds.append(request.first)
    if request.last and (found or request.first):
        bounds.append(request.last)
    first, last = min(bounds, default=None), max(bounds, default=None)
    step = step or _fitting(first, last)
    return Timeline(
        query=request.q,
        total=page.total,
        undated=page.total - sum(articles for _, articles in page.days),
        step=step,
        warnings=warnings,
        steps=_filled(page.days, first, last, step, request) if first and last else (),
    )


def _filled(
    days: Iterable[tuple[date, int]], first: date, last: date, step: Step, asked: SearchRequest
) -> tuple[StepCount, ...]:
    """Return the steps from *first* to *last*; no day of them is before or after those *asked*."""
    number = _NUMBERS[step]
    low, high = number(first), number(last)
    if high - low >= MOST_STEPS:
        raise QueryError(
            f"From {first} to {last} there are more than {MOST_STEPS} steps of a {step}: "
            "ask for a wider step, or set from and to closer together.",
            code="invalid-parameter",
        )
    counts: Counter[int] = Counter()
    for day, articles in days:
        counts[number(day)] += articles
    earliest, latest = asked.first or date.min, asked.last or date.max
    return tuple(
        StepCount(max(_start(each, step), earliest), min(_end(each, step), latest), counts[each])
        for each in range(low, high + 1)
    )


def _fitting(first: date | None, last: date | None) -> Step:
    days = (last - first).days if first and last else 0
    for step, longest in ((Step.DAY, 92), (Step.WEEK, 731), (Step.MONTH, 3_653)):
        if days <= longest:
            return step
    return Step.YEAR


def _start(number: int, step: Step) -> date:
    match step:
        case Step.DAY:
            return date.fromordinal(number)
        case Step.WEEK:
            return date.fromordinal(number * 7 + 1)
        case Step.MONTH:
            return date(number // 12, number % 12 + 1, 1)
        case Step.YEAR:
            return date(number, 1, 1)


def _end(number: int, step: Step) -> date:
    try:
        return _start(number + 1, step) - timedelta(days=1)
    except (ValueError, OverflowError):  # the calendar ends with the year 9999
        return date.max
