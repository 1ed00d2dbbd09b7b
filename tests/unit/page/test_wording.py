"""Are numbers, dates and periods written as Italians write them?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.dates import read_period
from service.page import wording


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 articoli"),
        (1, "1 articolo"),
        (999, "999 articoli"),
        (12_345, "12.345 articoli"),
        (1_234_567, "1.234.567 articoli"),
    ],
)
def test_thousands_are_parted_by_points(count: int, text: str) -> None:
    assert wording.articles(count) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0.4, "meno di 1 ms"), (1.9, "2 ms"), (8.0, "8 ms"), (1234.5, "1.234 ms")]
)
def test_time_is_told_in_whole_milliseconds(ms: float, text: str) -> None:
    assert wording.milliseconds(ms) == text


@pytest.mark.parametrize(
    ("count", "text"), [(512, "512 byte"), (1_500, "1,5 kB"), (341_000_000, "341,0 MB")]
)
def test_sizes_have_a_decimal_comma(count: int, text: str) -> None:
    assert wording.size(count) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2025-11-19", "19 novembre 2025"),
        ("2025-11-01", "1º novembre 2025"),
        ("2025-11", "novembre 2025"),
        ("2025", "2025"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(iso: str, text: str) -> None:
    assert wording.written(iso) == text


def test_a_moment_is_told_by_the_clocks_of_rome() -> None:
    assert wording.moment("2025-11-20T08:05:00+00:00") == "20 novembre 2025, 9.05"
    assert wording.moment("2025-07-31T22:30:00+00:00") == "1º agosto 2025, 0.30"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2025-11-19", "2025-11-19", "19 novembre 2025"),
        ("2025-11-01", "2025-11-30", "novembre 2025"),
        ("2024-02-01", "2024-02-29", "febbraio 2024"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2023-01-01", "2025-12-31", "2023–2025"),
        ("2025-11-03", "2025-11-09", "dal 3 al 9 novembre 2025"),
        ("2025-11-08", "2025-11-11", "dall’8 all’11 novembre 2025"),
        ("2025-10-27", "2025-11-02", "dal 27 ottobre al 2 novembre 2025"),
        ("2024-12-30", "2025-01-05", "dal 30 dicembre 2024 al 5 gennaio 2025"),
        ("2025-11-19", None, "dal 19 novembre 2025 in poi"),
        (None, "2025-11-01", "fino al 1º novembre 2025"),
    ],
)
def test_a_period_is_said_briefly(first: str | None, last: str | None, text: str) -> None:
    days = (date.fromisoformat(each) if each else None for each in (first, last))
    assert wording.period(*days) == text


@given(st.dates(date(1600, 1, 1), date(2100, 1, 1)))
def test_a_day_as_written_is_read_as_that_day(day: date) -> None:
    assert read_period(wording.day(day)) == (day, day)


@given(st.dates(date(1600, 1, 1), date(2100, 1, 1)), st.integers(0, 5_000))
def test_every_period_names_its_years(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    text = wording.period(first, last)
    assert str(last.year) in text
    assert str(first.year) in text
