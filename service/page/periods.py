"""Days → the periods worth choosing: the latest days, and years, each with its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from service.page.filters import Choice, Group
from service.page.links import Links

RECENT = (("Ultimi 7 giorni", 7), ("Ultimi 30 giorni", 30), ("Ultimi 12 mesi", 365))
SHOWN = 6  # the others on demand


def periods(days: Iterable[tuple[date, int]], today: date, links: Links) -> Group:
    """Return what is worth choosing of the *days* found; nothing where a period is chosen."""
    if links.request.first or links.request.last:
        return Group("Periodo", ())
    counts = dict(days)
    choices = (*_recent(counts, today, links), *_years(counts, links))
    return Group("Periodo", choices[:SHOWN], choices[SHOWN:])


def _recent(counts: dict[date, int], today: date, links: Links) -> Iterator[Choice]:
    before = 0
    for label, length in RECENT:
        first = today - timedelta(days=length - 1)
        count = sum(number for day, number in counts.items() if first <= day <= today)
        if count > before:  # a longer period that holds no more tells nothing
            yield Choice(label, count, links.during(first, today))
        before = count


def _years(counts: dict[date, int], links: Links) -> Iterator[Choice]:
    years: Counter[int] = Counter()
    for day, number in counts.items():
        years[day.year] += number
    if len(years) > 1:
        for year, count in sorted(years.items(), reverse=True):
            yield Choice(str(year), count, links.during(date(year, 1, 1), date(year, 12, 31)))
