from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.dates import (
    Moment,
    read_date,
    read_day,
    read_moment,
    read_period,
    scan,
)

DAY = date(2025, 11, 19)
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
WEEKDAYS = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-19",
        "2025/11/19",
        "19/11/25",
        "19/11/2025",
        "19.11.2025",
        "19-11-2025",
        "19 / 11 / 2025",
        "19 novembre 2025",
        "19 Novembre 2025",
        "19 NOVEMBRE 2025",
        "19 nov 2025",
        "19 nov. 2025",
        "19-nov-2025",
        "19 novembre '25",
        "19 novembre ’25",
        "mer 19 nov 2025",
        "mer. 19 nov. 2025",
        "mercoledì 19 novembre 2025",
        "Mercoledì, 19 novembre 2025",
        "mercoledi' 19 novembre 2025",
        "mercoledi 19/11/2025",
        "  19 \u00a0novembre\n2025 ",
        "19 novembre 2025, 10:15",
        "19 novembre 2025 alle ore 10.15",
        "19 novembre 2025 | 10:15",
        "2025-11-19T10:42:00+01:00",
        "2025-11-19T10:42:00Z",
        "2025-11-19T10:42:00.123456Z",
        "2025-11-19 10:42",
        "2025-11-18T23:30:00Z",  # half past midnight in Rome
        "Wed, 19 Nov 2025 10:42:00 +0100",
        "Tue, 18 Nov 2025 23:42:00 GMT",
    ],
)
def test_reads_one_day_however_written(text: str) -> None:
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mar 5 set 2023", date(2023, 9, 5)),  # martedì
        ("5 mar 2023", date(2023, 3, 5)),  # marzo
        ("mar 5 mar 2024", date(2024, 3, 5)),  # both
        ("1° gennaio 2024", date(2024, 1, 1)),
        ("1º gennaio 2024", date(2024, 1, 1)),
        ("primo gennaio 2024", date(2024, 1, 1)),
        ("29 febbraio 2024", date(2024, 2, 29)),
        ("3/4/2024", date(2024, 4, 3)),  # never the fourth of March
        ("2 giugno 1946", date(1946, 6, 2)),
        ("25/04/45", date(2045, 4, 25)),
        ("25/04/69", date(1969, 4, 25)),
        ("31 genn. 1998", date(1998, 1, 31)),
        ("12 sett. 2001", date(2001, 9, 12)),
    ],
)
def test_reads_what_other_readers_misread(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "moka",
        "31 febbraio 2024",
        "29 febbraio 2023",
        "31/06/2024",
        "00/00/0000",
        "0000-00-00",
        "13/13/2024",
        "11/19/2025",  # American order
        "2025-13-01",
        "19 novembre",  # which year?
        "19 november 2025",
        "19 xx 2025",
        "ma 19 novembre 2025",
        "luna 19 novembre 2025",
        "dal 24 al 26 ottobre",
        "il 19 novembre 2025",
        "19 novembre 2025 a Roma",
        "19/11/20255",
        "19/11-2025",
        "novembre 2025",
        "2025",
        "²/³/2025",
        "9" * 5000,
        "2025-11-19T99:99",
    ],
)
def test_no_day_is_guessed(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last", "kept"),
    [
        ("novembre 2025", date(2025, 11, 1), date(2025, 11, 30), "2025-11"),
        ("nov. 2025", date(2025, 11, 1), date(2025, 11, 30), "2025-11"),
        ("2025-11", date(2025, 11, 1), date(2025, 11, 30), "2025-11"),
        ("11/2025", date(2025, 11, 1), date(2025, 11, 30), "2025-11"),
        ("mar 2024", date(2024, 3, 1), date(2024, 3, 31), "2024-03"),
        ("febbraio 2024", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("1871", date(1871, 1, 1), date(1871, 12, 31), "1871"),
        ("19 novembre 2025", DAY, DAY, "2025-11-19"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(
    text: str, first: date, last: date, kept: str
) -> None:
    assert read_period(text) == (first, last)
    assert read_date(text) == kept


@pytest.mark.parametrize("text", ["", "2025-13", "13/2025", "mese 2025", "25", "novembre", "0999"])
def test_no_period_is_guessed(text: str) -> None:
    assert read_period(text) is None
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("19 novembre 2025 | 10:42", "2025-11-19T10:42:00+01:00"),
        ("19 luglio 2025, ore 10.42", "2025-07-19T10:42:00+02:00"),  # summer time
        ("2025-07-19T10:42:00Z", "2025-07-19T12:42:00+02:00"),
        ("19 novembre 2025", "2025-11-19"),
    ],
)
def test_a_moment_is_told_in_the_time_of_rome(text: str, iso: str) -> None:
    assert str(read_moment(text)) == iso


def test_scans_at_a_place_and_says_where_the_date_ends() -> None:
    line = "Pubblicato il 3 marzo 2024, 10:15 di redazione"
    assert scan(line) is None
    assert scan(line, 14) == (Moment(date(2024, 3, 3), time(10, 15)), line.index(" di "))


def test_a_score_or_a_price_behind_a_date_is_no_time() -> None:
    line = "19/11/2025 99:99 punti"
    assert scan(line) == (Moment(DAY), len("19/11/2025"))


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_reads_back_every_day_it_can_be_told(day: date) -> None:
    month, weekday = MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    for text in (
        day.isoformat(),
        f"{day:%d/%m}/{day.year}",
        f"{day.day} {month} {day.year}",
        f"{weekday} {day.day} {month[:3]} {day.year}",
        f"{weekday[:3].upper()} {day.day} {month.upper()} {day.year}",
    ):
        assert read_day(text) == day


@given(st.dates(date(1000, 1, 1), date(2999, 11, 30)))
def test_months_follow_each_other_without_a_gap(day: date) -> None:
    period = read_period(f"{MONTHS[day.month - 1]} {day.year}")
    assert period is not None
    first, last = period
    assert first <= day <= last
    assert first.day == (last + timedelta(days=1)).day == 1


@given(st.text())
def test_never_fails_whatever_is_typed(text: str) -> None:
    assert read_day(text) is None or read_period(text) is not None
