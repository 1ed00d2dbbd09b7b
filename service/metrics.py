"""What the workers count together, in memory that they share: a row for each, added up on request.

    master   makes the board, then forks   →  one mapping, seen by all
    worker   adds to its own row           →  no lock between processes
    scrape   adds the rows up              →  right whichever worker answers

A worker that dies leaves its row to the next one, so no count goes back.
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
STATUSES = (200, 304, 400, 404, 405, 413, 415, 422, 429, 500, 503)
ELSEWHERE = "other"  # requests for paths where nothing lives
_CELL = 8  # bytes


class Metrics:
    """Counters of requests by *routes*, in *rows* for as many processes.

    Every process adds to the row that it took, from any of its threads.
    """

    def __init__(self, routes: Iterable[str], rows: int = 1) -> None:
        self.routes = (*routes, ELSEWHERE)
        self._rows = rows
        # Of a route: each status and others, each bucket and beyond, seconds. Then empty answers.
        self._route_width = len(STATUSES) + 1 + len(BUCKETS) + 1 + 1
        self._width = self._route_width * len(self.routes) + 1
        self._cells = memoryview(mmap.mmap(-1, rows * self._width * _CELL)).cast("d")
        self._start = 0
        self._lock = threading.Lock()

    def take(self, row: int) -> None:
        """Add to *row* from now on, what it counts already included."""
        self._start = row % self._rows * self._width
        self._lock = threading.Lock()  # one taken by another thread at the fork stays taken

    def observe(self, route: str | None, status: int, seconds: float) -> None:
        """Count a request to *route*, None where there is none, answered within *seconds*."""
        at = self._start + self._of(route)
        known = STATUSES.index(status) if status in STATUSES else len(STATUSES)
        bucket = len(STATUSES) + 1 + bisect_left(BUCKETS, seconds)
        with self._lock:
            self._cells[at + known] += 1
            self._cells[at + bucket] += 1
            self._cells[at + self._route_width - 1] += seconds

    def count_empty(self) -> None:
        """Count a search that found nothing."""
        with self._lock:
            self._cells[self._start + self._width - 1] += 1

    def exposition(self) -> Iterator[str]:
        """Yield the lines of Prometheus's text format."""
        totals = [sum(self._cells[place :: self._width].tolist()) for place in range(self._width)]
        yield from heading("http_requests_total", "counter", "Requests answered.")
        for route in self.routes:
            at = self._of(route)
            for status, number in zip((*STATUSES, "other"), totals[at:], strict=False):
                if number:
                    yield line("http_requests_total", number, route=route, status=status)
        yield from heading("http_request_duration_seconds", "histogram", "Time to answer.")
        for route in self.routes:
            yield from self._histogram(route, totals)
        yield from heading("search_empty_total", "counter", "Searches that found nothing.")
        yield line("search_empty_total", totals[-1])

    def _histogram(self, route: str, totals: Sequence[float]) -> Iterator[str]:
        beyond = self._of(route) + self._route_width
        counts = totals[beyond - len(BUCKETS) - 2 : beyond - 1]
        if not sum(counts):
            return
        name, reached = "http_request_duration_seconds", 0.0
        for bound, number in zip((*BUCKETS, "+Inf"), counts, strict=True):
            reached += number
            yield line(f"{name}_bucket", reached, route=route, le=bound)
        yield line(f"{name}_sum", totals[beyond - 1], route=route)
        yield line(f"{name}_count", reached, route=route)

    def _of(self, route: str | None) -> int:
        known = self.routes.index(route) if route in self.routes else len(self.routes) - 1
        return known * self._route_width


def heading(name: str, kind: str, meaning: str) -> Iterator[str]:
    """Yield what stands above the values of a metric."""
    yield f"# HELP ritaglio_{name} {meaning}"
    yield f"# TYPE ritaglio_{name} {kind}"


def line(name: str, value: float, **labels: object) -> str:
    """Return one value of a metric; labels hold no quotes, backslashes or line ends."""
    inner = ",".join(f'{label}="{text}"' for label, text in labels.items())
    number = int(value) if float(value).is_integer() else value
    return f"ritaglio_{name}{{{inner}}} {number}" if inner else f"ritaglio_{name} {number}"
