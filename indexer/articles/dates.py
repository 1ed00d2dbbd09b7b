"""Dates as Italians write them, read by a small grammar of our own.

    moment  :=  day (time)?              «mer 19 nov 2025, ore 10:42»
    day     :=  weekday? number month year  |  number/number/year  |  ISO 8601
    time    :=  («alle» | «ore» | «|» …)? hours:minutes

General libraries misread Italian: «mar» is martedì before a number and marzo after one, and 3/4 is
the third of April. Nothing is guessed: no year or an impossible day means no date. The weekday is
not checked against the day. A time without an offset is the time in Rome.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")

MONTHS = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
_LONGEST_REMEMBERED = 64  # characters; an unreadable date may be as long as its line
_WEEKDAYS = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]

_YEAR = r"(?:del\s)?(?P<year>[12]\d{3}|['’]?\d{2})(?![\d])"
_WEEKDAY = r"(?:(?P<weekday>[a-zì]{3,9})['’`.]?,?\s+)?"
_WRITTEN = (
    rf"{_WEEKDAY}(?P<day>\d{{1,2}}|primo)\s?[°º^]?[\s.-]*(?P<month>[a-z]{{3,9}})\.?,?[\s-]*{_YEAR}"
)
_NUMBERS = rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>\s?[/.-]\s?)(?P<month>\d{{1,2}})(?P=mark){_YEAR}"
_ISO = r"(?P<year>[12]\d{3})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"
_DAYS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (_ISO, _WRITTEN, _NUMBERS))
_BEFORE_TIME = re.compile(r"[\s,|·–-]*(?:\b(?:alle(?: ore)?|ore|h\.?)\s*)?\b", re.IGNORECASE)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?![\d/.-]*\d)"
)
_STAMPS = (
    (re.compile(r"[12]\d{3}-\d\d-\d\d[T ]\d\d:?\d\d.*"), datetime.fromisoformat),
    (re.compile(r"([A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d.*"), parsedate_to_datetime),
)
_MONTH = re.compile(
    r"(?:(?P<name>[a-z]{3,9})\.?,?\s+|(?P<number>\d{1,2})\s?[/.-]\s?)(?P<year>[12]\d{3})",
    re.IGNORECASE,
)
_ISO_MONTH = re.compile(r"(?P<year>[12]\d{3})-(?P<number>\d{2})")


class Moment(NamedTuple):
    """A day and, where it was written, the time of that day in Rome."""

    day: date
    time: time | None = None

    def __str__(self) -> str:
        """ISO 8601: «2025-11-19», or «2025-11-19T10:42:00+01:00»."""
        if self.time is None:
            return self.day.isoformat()
        return datetime.combine(self.day, self.time, ROME).isoformat()


def scan(text: str, start: int = 0) -> tuple[Moment, int] | None:
    """Read the moment that stands in *text* at *start*; return it and where it ends."""
    for pattern in _DAYS:
        if (match := pattern.match(text, start)) and (day := _day(match)):
            break
    else:
        return None
    end = match.end()
    before = _BEFORE_TIME.match(text, end)
    if before and (clock := scan_time(text, before.end())):
        return Moment(day, clock[0]), clock[1]
    return Moment(day), end


def scan_time(text: str, start: int = 0) -> tuple[time, int] | None:
    """Read the time of day that stands in *text* at *start*; return it and where it ends."""
    match = _TIME.match(text, start)
    if not match:
        return None
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    return clock, match.end()


def read_moment(text: str) -> Moment | None:
    """Read a whole string: Italian, ISO 8601 or the form of mails and feeds (RFC 2822)."""
    text = " ".join(text.split())
    if found := scan(text):
        moment, end = found
        if end == len(text):
            return moment
    for pattern, read in _STAMPS:
        if pattern.fullmatch(text):
            return _in_rome(read, text)
    return None


def read_day(text: str) -> date | None:
    """Read a whole string as one day in Rome."""
    moment = read_moment(text)
    return moment.day if moment else None


def read_period(text: str) -> tuple[date, date] | None:
    """Read a whole string as a day, a month or a year; return its first and its last day."""
    if day := read_day(text):
        return day, day
    text = " ".join(text.split())
    if re.fullmatch(r"[12]\d{3}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    match = _ISO_MONTH.fullmatch(text) or _MONTH.fullmatch(text)
    if not match:
        return None
    name = match.groupdict().get("name")
    month = _month(name) if name else int(match["number"])
    if month is None or not 1 <= month <= 12:
        return None
    year = int(match["year"])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def read_date(text: str) -> str | None:
    """Read a whole string as ``Article.date`` keeps it: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    return _remembered_date(text) if len(text) <= _LONGEST_REMEMBERED else _date(text)


def _date(text: str) -> str | None:
    period = read_period(text)
    if period is None:
        return None
    first, last = period
    if first == last:
        return first.isoformat()
    return first.isoformat()[: 4 if first.month != last.month else 7]


_remembered_date = lru_cache(maxsize=1 << 14)(_date)  # the days of forty years


def _in_rome(read: Callable[[str], datetime], text: str) -> Moment | None:
    try:
        stamp = read(text)
        stamp = stamp.astimezone(ROME) if stamp.tzinfo else stamp
    except (ValueError, TypeError, OverflowError):
        return None
    return Moment(stamp.date(), stamp.time().replace(microsecond=0))


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    weekday = parts.get("weekday")
    if weekday and not _names(weekday, _WEEKDAYS):
        return None
    number = 1 if parts["day"].lower() == "primo" else int(parts["day"])
    month = int(parts["month"]) if parts["month"].isdigit() else _month(parts["month"])
    try:
        return date(_year(parts["year"]), month or 0, number)
    except ValueError:
        return None


def _month(name: str) -> int | None:
    found = _names(name, MONTHS)
    return MONTHS.index(found) + 1 if found else None


def _names(word: str, words: list[str]) -> str | None:
    """The one of *words* that *word* is, or abbreviates with three letters or more."""
    word = word.lower().replace("ì", "i")
    return next((full for full in words if full.replace("ì", "i").startswith(word)), None)


def _year(digits: str) -> int:
    # Two digits are read as POSIX does: 69-99 are the nineteen hundreds, 00-68 the two thousands.
    number = int(digits.lstrip("'’"))
    if len(digits) == 4:
        return number
    return number + (1900 if number >= 69 else 2000)
