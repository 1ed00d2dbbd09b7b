"""Are filters, periods and bars what a reader can choose, with the right numbers?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from indexer.engines.contract import Field, Is
from service.page.chart import HEIGHT, chart
from service.page.filters import MOST, SHOWN, chips, groups
from service.page.links import Links
from service.page.periods import periods
from service.search import Count, SearchRequest
from service.search.timeline import Step, StepCount, Timeline

TODAY = date(2025, 11, 22)


def links(**asked: object) -> Links:
    return Links(SearchRequest(q="pace", **asked), 10)


def test_a_field_without_values_is_not_offered() -> None:
    found = groups({"source": (Count("ANSA", 3),), "author": ()}, links())
    assert [group.name for group in found] == ["Fonte"]
    assert found[0].shown[0].address == "/?q=pace&source=ANSA"


def test_few_values_are_shown_and_the_others_on_demand() -> None:
    counts = tuple(Count(f"Fonte {number:03}", 200 - number) for number in range(100))
    (group,) = groups({"source": counts}, links())
    assert len(group.shown) == SHOWN
    assert len(group.shown) + len(group.more) == MOST


def test_what_is_chosen_is_in_sight_and_one_click_off() -> None:
    counts = (*(Count(f"Fonte {number}", 20 - number) for number in range(10)), Count("ANSA", 1))
    (group,) = groups({"source": counts}, links(filters=(Is(Field.SOURCE, ("ansa",)),)))
    assert (group.shown[0].label, group.shown[0].chosen) == ("ANSA", True)
    assert group.shown[0].address == "/?q=pace"


def test_each_filter_in_force_is_a_chip() -> None:
    here = links(
        filters=(Is(Field.SOURCE, ("ANSA", "AGI")), Is(Field.TAG, ("esteri",))),
        first=date(2025, 11, 1),
        last=date(2025, 11, 30),
    )
    shown = {(chip.name, chip.value): chip.address for chip in chips(here)}
    assert list(shown) == [
        ("Fonte", "ANSA"),
        ("Fonte", "AGI"),
        ("Argomento", "esteri"),
        ("Periodo", "novembre 2025"),
    ]
    assert "ANSA" not in shown["Fonte", "ANSA"]
    assert "AGI" in shown["Fonte", "ANSA"]
    assert "from" not in shown["Periodo", "novembre 2025"]


def test_recent_days_and_years_are_offered_with_their_articles() -> None:
    days = [(TODAY - timedelta(days=400), 5), (TODAY - timedelta(days=20), 2), (TODAY, 1)]
    offered = periods(days, TODAY, links()).shown
    assert [(choice.label, choice.count) for choice in offered] == [
        ("Ultimi 7 giorni", 1),
        ("Ultimi 30 giorni", 3),
        ("2025", 3),
        ("2024", 5),
    ]
    assert offered[0].address == "/?q=pace&from=2025-11-16&to=2025-11-22"


def test_an_article_of_tomorrow_is_not_recent() -> None:
    assert periods([(TODAY + timedelta(days=1), 1)], TODAY, links()).shown == ()


def test_where_a_period_is_chosen_no_other_is_offered() -> None:
    assert periods([(TODAY, 1)], TODAY, links(first=TODAY)).shown == ()


def timeline(counts: list[int], step: Step = Step.DAY) -> Timeline:
    first = date(2025, 11, 1)
    steps = [
        StepCount(first + timedelta(days=place), first + timedelta(days=place), count)
        for place, count in enumerate(counts)
    ]
    return Timeline(
        query="pace", total=sum(counts), undated=2, step=step, warnings=(), steps=tuple(steps)
    )


def test_bars_stand_at_their_step_as_high_as_their_articles() -> None:
    drawn = chart(timeline([4, 0, 1]), links())
    assert drawn is not None
    four, one = drawn.bars
    assert (four.x, four.y, four.height) == (0, 0.0, HEIGHT)
    assert (one.x, one.y, one.height) == (20, HEIGHT * 3 / 4, HEIGHT / 4)
    assert drawn.width == 30
    assert four.label == "1º novembre 2025: 4 articoli"
    assert one.address == "/?q=pace&from=2025-11-03&to=2025-11-03"
    assert (drawn.first, drawn.last) == ("1º novembre 2025", "3 novembre 2025")


def test_one_article_beside_thousands_is_still_a_bar() -> None:
    drawn = chart(timeline([10_000, 1]), links())
    assert drawn is not None
    assert drawn.bars[1].height >= 2
    assert all(bar.y + bar.height == pytest.approx(HEIGHT, abs=0.11) for bar in drawn.bars)


@pytest.mark.parametrize("counts", [[], [3], [0, 0], [1] * 500])
def test_where_there_is_nothing_to_compare_there_is_no_chart(counts: list[int]) -> None:
    assert chart(timeline(counts), links()) is None


@pytest.mark.parametrize(
    ("step", "days", "label"),
    [
        (Step.WEEK, 7, "dal 17 al 23 novembre 2025: 1 articolo"),
        (Step.MONTH, 30, "dal 17 novembre al 16 dicembre 2025: 1 articolo"),
    ],
)
def test_a_bar_of_several_days_names_them(step: Step, days: int, label: str) -> None:
    start = date(2025, 11, 17)
    one = StepCount(start, start + timedelta(days=days - 1), 1)
    other = StepCount(one.end + timedelta(days=1), one.end + timedelta(days=days), 0)
    found = Timeline(query="", total=1, undated=0, step=step, warnings=(), steps=(one, other))
    drawn = chart(found, links())
    assert drawn is not None
    assert drawn.bars[0].label == label
