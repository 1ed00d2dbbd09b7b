"""A search → the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from indexer.engines.contract import Sort
from service.feeds import feed_path
from service.page.chart import chart
from service.page.filters import chips, groups
from service.page.links import Links
from service.page.periods import periods
from service.page.templates import render
from service.search import SearchRequest
from service.search.overview import Overview

ORDERS = {
    Sort.RELEVANCE: "pertinenza",
    Sort.MIX: "pertinenza e data",
    Sort.NEWEST: "più recenti",
    Sort.OLDEST: "più vecchi",
    Sort.TITLE: "titolo",
}


def results_page(
    overview: Overview,
    request: SearchRequest,
    *,
    page_size: int,
    today: date,
    ignored: Sequence[str] = (),
) -> bytes:
    """Return the page of what *request* finds; *ignored* are parameters that nobody knows."""
    results = overview.results
    links = Links(request, page_size)
    # Behind the last result the way back leads to it, not from one empty page to another.
    last_page = (results.total - 1) // request.limit * request.limit
    before = max(0, min(request.offset - request.limit, last_page))
    behind = request.offset + request.limit
    return render(
        "results",
        q=request.q,
        results=results,
        warnings=(*results.warnings, *map(_ignored, ignored)),
        suggestion=results.suggestion and (results.suggestion, links.asking(results.suggestion)),
        chips=tuple(chips(links)),
        groups=(
            periods(overview.days, today, links),
            *groups(results.facets, links),
        ),
        chart=chart(overview.timeline, links),
        orders=_orders(links),
        chosen_order=request.sort is not SearchRequest().sort,
        last=min(behind, results.total),
        before=links.at(before) if request.offset and results.total else None,
        behind=links.at(behind) if behind < results.total else None,
        first_page=links.at(0),
        unfiltered=links.unfiltered(),
        hidden=links.hidden("q"),
        hidden_period=links.hidden("from", "to"),
        first=request.first,
        until=request.last,
        feed=feed_path(request),
        json=request.path(),
    )


def _orders(links: Links) -> list[tuple[str, str, bool]]:
    """Return the orders to choose from; without words nothing scores, and the newest come first."""
    request = links.request
    if request.q.strip():
        return [
            (name, links.sorted_by(sort), sort is request.sort) for sort, name in ORDERS.items()
        ]
    now = Sort.NEWEST if request.sort.by_score else request.sort
    return [
        (name, links.sorted_by(sort), sort is now)
        for sort, name in ORDERS.items()
        if not sort.by_score
    ]


def _ignored(name: str) -> str:
    shown = name if len(name) <= 50 else f"{name[:50]}…"
    return f"Nell’indirizzo «{shown}» non vuol dire niente: ignorato."
