"""Does a timeline count every article, in steps without gaps?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest
from service.search.timeline import Step, timeline
from tests.engines.memory import MemoryEngine

DATES = ["2025-11-19", "2025-11-19", "2025-11-23", "2025-11-24", "2025-12", "2026", None]


@pytest.fixture
def engine() -> Engine:
    engine = MemoryEngine()
    engine.write(
        Article(id=str(number), text="pace" if number else "guerra", date=date, source="ANSA")
        for number, date in enumerate(DATES)
    )
    return engine


def ask(client: TestClient, **parameters: object) -> dict[str, Any]:
    answer = client.simulate_get("/timeline", query_string=urlencode(parameters))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json
    return body


def counts(body: dict[str, Any]) -> dict[str, int]:
    return {step["start"]: step["count"] for step in body["steps"]}


def test_weeks_begin_on_monday_and_empty_ones_are_there(client: TestClient) -> None:
    body = ask(client, q="pace", step="week")
    assert (body["total"], body["undated"], body["step"]) == (6, 1, "week")
    assert counts(body) == {
        "2025-11-17": 2,
        "2025-11-24": 1,
        "2025-12-01": 1,
        "2025-12-08": 0,
        "2025-12-15": 0,
        "2025-12-22": 0,
        "2025-12-29": 1,
    }
    assert body["steps"][0]["end"] == "2025-11-23"


def test_months_and_years(client: TestClient) -> None:
    assert counts(ask(client, step="month")) == {"2025-11-01": 4, "2025-12-01": 1, "2026-01-01": 1}
    assert counts(ask(client, step="year")) == {"2025-01-01": 5, "2026-01-01": 1}


def test_the_steps_fill_the_days_asked_for(client: TestClient) -> None:
    body = ask(client, step="day", **{"from": "2025-11-18", "to": "20 nov 2025"})
    assert counts(body) == {"2025-11-18": 0, "2025-11-19": 2, "2025-11-20": 0}
    body = ask(client, q="niente", step="month", **{"from": "2025-11", "to": "2025-12"})
    assert counts(body) == {"2025-11-01": 0, "2025-12-01": 0}


def test_steps_at_the_ends_are_as_long_as_what_is_asked_for(client: TestClient) -> None:
    for step in ("week", "month", "year"):
        body = ask(client, step=step, **{"from": "2025-11-20", "to": "2025-12-02"})
        first, last = body["steps"][0], body["steps"][-1]
        assert (first["start"], last["end"]) == ("2025-11-20", "2025-12-02")
        for each in body["steps"]:
            found = ask(client, **{"from": each["start"], "to": each["end"]})["total"]
            assert each["count"] == found


def test_nothing_found_and_nothing_bounded_is_no_step(client: TestClient) -> None:
    assert ask(client, q="niente")["steps"] == []
    assert ask(client, q="niente", **{"from": "2025"})["steps"] == []


def test_filters_hold_as_in_a_search(client: TestClient) -> None:
    assert ask(client, source="ansa")["total"] == len(DATES)
    assert ask(client, source="Panorama")["total"] == 0


def test_too_many_steps_are_refused_with_what_to_do(client: TestClient, engine: Engine) -> None:
    engine.write([Article(id="old", date="1861-03-17")])
    answer = client.simulate_get("/timeline", query_string="step=day")
    assert answer.status_code == 400
    assert "a wider step" in answer.json["detail"]
    assert ask(client)["step"] == "year"


def test_the_calendar_may_end(client: TestClient, engine: Engine) -> None:
    engine.write([Article(id="end", date="9999-12-31", text="fine")])
    for step, start in (("day", "12-31"), ("week", "12-27"), ("month", "12-01"), ("year", "01-01")):
        last = {"start": f"9999-{start}", "end": "9999-12-31", "count": 1}
        assert ask(client, q="fine", step=step)["steps"] == [last]


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), min_size=1),
    st.none() | st.sampled_from(Step),
)
def test_steps_touch_and_their_counts_are_all_articles(days: list[date], step: Step | None) -> None:
    engine = MemoryEngine()
    engine.write(Article(id=str(n), date=day.isoformat()) for n, day in enumerate(days))
    line = timeline(engine, SearchRequest(), step)
    assert sum(each.count for each in line.steps) == line.total == len(days)
    assert line.steps[0].start <= min(days) <= line.steps[0].end
    assert line.steps[-1].start <= max(days) <= line.steps[-1].end
    for one, other in zip(line.steps, line.steps[1:], strict=False):
        assert other.start - one.end == timedelta(days=1)
    for each in line.steps:
        assert each.count == sum(each.start <= day <= each.end for day in days)
