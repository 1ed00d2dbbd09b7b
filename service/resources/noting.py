"""What becomes of an answered search: it is counted, and noted without its words."""

from __future__ import annotations

from indexer.engines.contract import Fuzzy, Phrase, Prefix
from service.lasthour import Asked, LastHour
from service.metrics import EMPTY, Metrics
from service.query import parse
from service.search import Results, SearchRequest


class Noting:
    """Counts in *metrics*, notes in *hour*."""

    def __init__(self, metrics: Metrics, hour: LastHour) -> None:
        self._metrics = metrics
        self._hour = hour

    def note(self, request: SearchRequest, results: Results) -> None:
        """Take down that *request* was answered with *results*."""
        if not results.total:
            self._metrics.count(EMPTY)
        self._hour.note(_without_words(request, results))


def _without_words(request: SearchRequest, results: Results) -> Asked:
    marks = parse(request.q, request.limits).marks
    phrases = sum(isinstance(mark, Phrase) for mark in marks)
    patterns = sum(isinstance(mark, Prefix | Fuzzy) for mark in marks)
    return Asked(
        seconds=results.took_ms / 1000,
        found=results.total,
        words=len(marks) - phrases - patterns,
        phrases=phrases,
        patterns=patterns,
        filters=sum(1 for _ in request.conditions()),
    )
