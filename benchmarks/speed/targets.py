"""What this project promises of its speed, each promise held against the figures of a run."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.speed.measures import processes
from benchmarks.speed.over_http import SERVED, page_in_turn
from benchmarks.speed.questions import Kind
from benchmarks.speed.series import Results, Series


@dataclass(frozen=True, slots=True)
class Target:
    """Our median (or 90th percentile) is at most, or at least, *bound*: alone, or times theirs.

    Theirs is the same measure of the engine *against*. Where both were taken *in_turn*, each of
    our values is held against the one beside it, of the same moments, and the middle ratio counts.
    """

    row: str
    measure: str
    bound: float
    against: str | None = None
    least: bool = False
    at90: bool = False
    in_turn: bool = False

    def judge(self, results: Results) -> Judged | None:
        """Hold the figures against the target; None where one of them was not taken."""
        ours = results.find(self.row, self.measure, "ours")
        theirs = results.find(self.row, self.measure, self.against) if self.against else None
        if ours is None or (self.against and theirs is None):
            return None
        value = self._figure(ours) / (self._figure(theirs) if theirs else 1)
        if self.in_turn and theirs:
            value = median(a / b for a, b in zip(ours.values, theirs.values, strict=True))
        reached = value >= self.bound if self.least else value <= self.bound
        unit = f"times {self.against}" if self.against else ours.unit
        sign = "at least" if self.least else "at most"
        name = f"{self.row}, {self.measure}{', 90th percentile' if self.at90 else ''}"
        promise = f"{sign} {self.bound:g} {unit}"
        return Judged(name, promise, value, reached, self._by_cpu(results))

    def _by_cpu(self, results: Results) -> float | None:
        """The same ratio in CPU time, which other programs on the machine disturb less."""
        ours = results.find(self.row, "CPU", "ours")
        theirs = results.find(self.row, "CPU", self.against) if self.against else None
        if ours is None or theirs is None or not theirs.median:
            return None
        return self._figure(ours) / self._figure(theirs)

    def _figure(self, series: Series) -> float:
        return series.p90 if self.at90 else series.median


@dataclass(frozen=True, slots=True)
class Judged:
    """A target, what was measured, and whether that reaches it."""

    name: str
    promise: str
    value: float
    reached: bool
    by_cpu: float | None = None


_EVERYWHERE = (
    Target(processes(1), "wall", 1.0, "tantivy", least=True),
    Target(processes(2), "wall", 1.5, "tantivy", least=True),
    Target(processes(1), "wall", 15, "stock", least=True),
    Target(Kind.PAGE, "wall", 0.6, "tantivy"),
    Target(Kind.PAGE, "wall", 0.8, "tantivy", at90=True),
    *(Target(kind, "wall", 1.0, "tantivy") for kind in Kind if kind is not Kind.PAGE),
    Target(processes(1), "peak private", 600),
    Target(processes(2), "peak private", 600),
    Target("memory after searching", "private", 150),
    Target("opening", "wall", 20),
    Target("on disk", "size", 1.25, "tantivy"),
    Target("added", "wall", 30),
    Target("replaced", "wall", 30),
    Target(page_in_turn(SERVED), "median", 0.9, "tantivy", in_turn=True),
)
_HUNDRED_THOUSAND = (
    Target("100,000 articles, 2 workers, 8 conn.", "throughput", 400, least=True),
    Target("100,000 articles, 2 workers, 8 conn.", "99th percentile", 60),
    Target("100,000 articles, 2 workers, a worker", "private", 150),
)
_MILLION = (Target(Kind.PAGE, "wall", 15),)


def judge(results: Results, count: int) -> list[Judged]:
    """Return every target that a run over *count* articles has figures for."""
    targets = _EVERYWHERE + _HUNDRED_THOUSAND + (_MILLION if count >= 1_000_000 else ())
    return [judged for target in targets if (judged := target.judge(results))]
