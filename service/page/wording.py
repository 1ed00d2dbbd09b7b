"""Numbers, dates and periods as Italians write them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from indexer.articles.dates import MONTHS, ROME

_UNITS = ("byte", "kB", "MB", "GB", "TB")


def number(value: float) -> str:
    """Return a whole *value* as «12.345»."""
    return f"{value:,.0f}".replace(",", ".")


def articles(count: int) -> str:
    """Return «1 articolo», «12.345 articoli»."""
    return f"{number(count)} {'articolo' if count == 1 else 'articoli'}"


def milliseconds(value: float) -> str:
    """Return «8 ms»; what takes less than one is said so."""
    return "meno di 1 ms" if value < 1 else f"{number(value)} ms"


def size(count: float) -> str:
    """Return bytes as «341,0 MB»."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.1f} {_UNITS[unit]}".replace(".", ",") if unit else f"{count:.0f} byte"


def day(value: date) -> str:
    """Return «19 novembre 2025»; the first of a month is «1º»."""
    return f"{_ordinal(value.day)} {month(value)}"


def month(value: date) -> str:
    """Return «novembre 2025»."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def written(iso: str) -> str:
    """Return the date of an article (a day, a month or a year) in words."""
    if len(iso) == 4:
        return iso
    return month(date.fromisoformat(f"{iso}-01")) if len(iso) == 7 else day(date.fromisoformat(iso))


def moment(iso: str) -> str:
    """Return a time (ISO 8601) as the clocks of Rome tell it: «20 novembre 2025, 9.05»."""
    time = datetime.fromisoformat(iso).astimezone(ROME)
    return f"{day(time.date())}, {time.hour}.{time.minute:02}"


def period(first: date | None, last: date | None) -> str:
    """Return the days from *first* to *last*, both included, as briefly as they can be said."""
    if first is None or last is None:
        return f"fino {_to(last)}" if last else f"{_from(first)} in poi" if first else "sempre"
    if first == last:
        return day(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole and (first.year, first.month) == (last.year, last.month):
        return month(first)
    return f"{_from(first, last)} {_to(last)}"


def _from(first: date, last: date | None = None) -> str:
    same_year = last is not None and first.year == last.year
    same_month = same_year and last is not None and first.month == last.month
    shown = _ordinal(first.day)
    if not same_month:
        shown += f" {MONTHS[first.month - 1]}" if same_year else f" {month(first)}"
    return f"dall’{shown}" if first.day in (8, 11) else f"dal {shown}"


def _to(last: date) -> str:
    return f"all’{day(last)}" if last.day in (8, 11) else f"al {day(last)}"


def _ordinal(number_of_day: int) -> str:
    return "1º" if number_of_day == 1 else str(number_of_day)
