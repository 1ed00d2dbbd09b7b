"""Days → the periods worth choosing: the latest days, and years, each with its articles."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from service.page.filters import Choice, Group
from service.page.links import Links

RECENT = (("Ultimi 7 giorni", 7), ("Ultimi 30 giorni", 30), ("Ultimi 12 mesi", 365))
SHOWN = 6  # the others on demand


Days = Sequence[tuple[date, int]]
"""Days in order, each with its articles."""


def periods(days: Days, today: date, links: Links) -> Group:
    """Return what is worth choosing of the *days* found; nothing where a period is chosen."""
    if links.request.first or links.request.last:
        return Group("Periodo", ())
    choices = (*_recent(days, today, links), *_years(days, links))
    return Group("Periodo", choices[:SHOWN], choices[SHOWN:])


def _recent(days: Days, today: date, links: Links) -> Iterator[Choice]:
    before, behind = 0, bisect_left(days, (today + timedelta(days=1), 0))
    for label, length in RECENT:
        first = today - timedelta(days=length - 1)
        count = sum(number for _, number in days[bisect_left(days, (first, 0)) : behind])
        if count > before:  # a longer period that holds no more tells nothing
            yield Choice(label, count, links.during(first, today))
        before = count


def _years(days: Days, links: Links) -> Iterator[Choice]:
    years: Counter[int] = Counter()
    for day, number in days:
        years[day.year] += number
    if len(years) > 1:
        for year, count in sorted(years.items(), reverse=True):
            yield Choice(str(year), count, links.during(date(year, 1, 1), date(year, 12, 31)))
