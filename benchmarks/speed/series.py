"""A figure and all its runs: what was measured, for which engine, in which unit."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """The *values* of one measure of one engine, in the order they were taken.

    ``row`` is what was done («AND of two words»), ``measure`` what was looked at («wall»).
    """

    section: str
    row: str
    measure: str
    unit: str
    engine: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def p90(self) -> float:
        """The value that nine of ten do not exceed."""
        return sorted(self.values)[max(0, -(-9 * len(self.values) // 10) - 1)]


@dataclass(frozen=True, slots=True)
class Results:
    """All series of a run."""

    series: tuple[Series, ...]

    def find(self, row: str, measure: str, engine: str) -> Series | None:
        """Return the one series of *engine* for *measure* in *row*, if it was taken."""
        for each in self.series:
            if (each.row, each.measure, each.engine) == (row, measure, engine):
                return each
        return None

    def engines(self) -> list[str]:
        """Return the engines, in the order of their first figure."""
        return list(dict.fromkeys(each.engine for each in self.series))


class Gathering:
    """Collects values as a run goes on, and gives them out as Results."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str, str, str], list[float]] = {}

    def add(
        self, section: str, row: str, measure: str, unit: str, engine: str, values: Iterable[float]
    ) -> None:
        """Add *values* to a series, begun by its first."""
        self._values.setdefault((section, row, measure, unit, engine), []).extend(values)

    def results(self) -> Results:
        """Return what was gathered so far; a series without a value is left out."""
        return Results(
            tuple(Series(*key, tuple(values)) for key, values in self._values.items() if values)
        )
