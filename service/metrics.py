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
from dataclasses import dataclass

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
STATUSES = (200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 412, 413, 415, 422, 429, 500, 503)
ELSEWHERE = "other"  # requests for paths where nothing lives
_CELL = 8  # bytes


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted; with a *label*, for each of its *values*."""

    name: str
    meaning: str
    label: str = ""
    values: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Histogram:
    """What is measured, and the bounds it is sorted into."""

    name: str
    meaning: str
    bounds: tuple[float, ...]


EMPTY = Counter("search_empty_total", "Searches that found nothing.")
WRITTEN = Counter(
    "articles_written_total",
    "Articles written over HTTP, by what became of them.",
    "result",
    ("created", "replaced", "unchanged", "deleted"),
)
REFUSED = Counter(
    "articles_refused_total",
    "Articles not written, by the reason.",
    "reason",
    ("article", "precondition", "missing", "index"),
)
COMMITS = Counter("commits_total", "Attempts at a commit.", "result", ("done", "failed"))
CLOSED = Counter(
    "connections_closed_total",
    "Clients that did not send a request in time, take an answer in time, or were too many.",
    "reason",
    ("request", "answer", "crowd"),
)
REPLACED = Counter(
    "workers_replaced_total",
    "Workers that ended, for the memory they took or a request that hung.",
    "reason",
    ("memory", "hanging"),
)
COMMIT_SECONDS = Histogram("commit_duration_seconds", "Time a commit took.", BUCKETS)
COMMIT_ARTICLES = Histogram(
    "commit_articles",
    "Writes and deletions that one commit gathered.",
    (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
)
COUNTERS = (EMPTY, WRITTEN, REFUSED, COMMITS, CLOSED, REPLACED)
HISTOGRAMS = (COMMIT_SECONDS, COMMIT_ARTICLES)


class Metrics:
    """Counters of requests by *routes*, and of all else, in *rows* for as many processes.

    Every process adds to the row that it took, from any of its threads.
    """

    def __init__(self, routes: Iterable[str], rows: int = 1) -> None:
        self.routes = (*routes, ELSEWHERE)
        self._rows = rows
        # Of a route: each status and others, each bucket and beyond, seconds.
        self._route_width = len(STATUSES) + 1 + len(BUCKETS) + 1 + 1
        self._width = self._route_width * len(self.routes)
        self._places: dict[Counter | Histogram, int] = {}
        for counter in COUNTERS:
            self._places[counter] = self._width
            self._width += len(counter.values)
        for histogram in HISTOGRAMS:
            self._places[histogram] = self._width
            self._width += len(histogram.bounds) + 1 + 1
        self._memory = self._width
        self._width += 1
        self._cells = memoryview(mmap.mmap(-1, rows * self._width * _CELL)).cast("d")
        self._start = 0
        self._lock = threading.Lock()

    def take(self, row: int) -> None:
        """Add to *row* from now on, what it counts already included."""
        self._start = row % self._rows * self._width
        self._cells[self._start + self._memory] = 0
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

    def count(self, counter: Counter, value: str = "", number: int = 1) -> None:
        """Count *number* more of *value*, one of the counter's."""
        at = self._start + self._places[counter] + counter.values.index(value)
        with self._lock:
            self._cells[at] += number

    def measure(self, histogram: Histogram, value: float) -> None:
        """Sort *value* into its bucket."""
        at = self._start + self._places[histogram]
        with self._lock:
            self._cells[at + bisect_left(histogram.bounds, value)] += 1
            self._cells[at + len(histogram.bounds) + 1] += value

    def note_memory(self, taken: int) -> None:
        """Remember how many bytes this process has taken."""
        self._cells[self._start + self._memory] = taken

    def exposition(self) -> Iterator[str]:
        """Yield the lines of Prometheus's text format."""
        totals = [sum(self._cells[place :: self._width].tolist()) for place in range(self._width)]
        yield from heading("http_requests_total", "counter", "Requests answered.")
        for route in self.routes:
            at = self._of(route)
            for status, number in zip((*STATUSES, "other"), totals[at:], strict=False):
                if number:
                    yield line("http_requests_total", number, route=route, status=status)
        name = "http_request_duration_seconds"
        yield from heading(name, "histogram", "Time to answer.")
        for route in self.routes:
            cells = totals[self._of(route) + len(STATUSES) + 1 :]
            if any(cells[: len(BUCKETS) + 1]):
                yield from _histogram(name, BUCKETS, cells, route=route)
        for counter in COUNTERS:
            yield from heading(counter.name, "counter", counter.meaning)
            for value, number in zip(counter.values, totals[self._places[counter] :], strict=False):
                yield line(counter.name, number, **({counter.label: value} if value else {}))
        for each in HISTOGRAMS:
            yield from heading(each.name, "histogram", each.meaning)
            yield from _histogram(each.name, each.bounds, totals[self._places[each] :])
        yield from heading("worker_memory_bytes", "gauge", "Private memory of each worker.")
        for row, taken in enumerate(self._cells[self._memory :: self._width].tolist()):
            if taken:
                yield line("worker_memory_bytes", taken, worker=row)

    def _of(self, route: str | None) -> int:
        known = self.routes.index(route) if route in self.routes else len(self.routes) - 1
        return known * self._route_width


def _histogram(
    name: str, bounds: Sequence[float], cells: Sequence[float], **labels: object
) -> Iterator[str]:
    reached = 0.0
    for bound, number in zip((*bounds, "+Inf"), cells, strict=False):
        reached += number
        yield line(f"{name}_bucket", reached, **labels, le=bound)
    yield line(f"{name}_sum", cells[len(bounds) + 1], **labels)
    yield line(f"{name}_count", reached, **labels)


def heading(name: str, kind: str, meaning: str) -> Iterator[str]:
    """Yield what stands above the values of a metric."""
    yield f"# HELP ritaglio_{name} {meaning}"
    yield f"# TYPE ritaglio_{name} {kind}"


def line(name: str, value: float, **labels: object) -> str:
    """Return one value of a metric; labels hold no quotes, backslashes or line ends."""
    inner = ",".join(f'{label}="{text}"' for label, text in labels.items())
    number = int(value) if float(value).is_integer() else value
    return f"ritaglio_{name}{{{inner}}} {number}" if inner else f"ritaglio_{name} {number}"
