"""A timeline → bars: where each stands, what it says, and the search that it leads to."""

from __future__ import annotations

from dataclasses import dataclass

from service.page.links import Links
from service.page.wording import articles, day, month, period
from service.search.timeline import Step, StepCount, Timeline

HEIGHT = 64
PITCH = 10  # of a bar and the gap beside it, whatever the width of the page
NATURAL = 40  # pixels of a bar and its gap, where the page has room for all
MOST_BARS = 400  # beyond, a bar is thinner than a line
UNITS = {Step.DAY: "giorno", Step.WEEK: "settimana", Step.MONTH: "mese", Step.YEAR: "anno"}
LOWEST = 2.0  # one article among thousands is seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One step; where it holds no article it is not there to be followed."""

    x: int
    y: float
    height: float
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The steps that hold articles, in a box *width* wide; what stands below its ends.

    A ``unit`` is what one bar stands for; the box is shown ``natural`` pixels wide, or less.
    """

    bars: tuple[Bar, ...]
    width: int
    natural: int
    unit: str
    first: str
    last: str
    undated: int
    height: int = HEIGHT
    pitch: int = PITCH


def chart(timeline: Timeline, links: Links) -> Chart | None:
    """Return *timeline* as bars; None where there is nothing to compare."""
    steps = timeline.steps
    if not 1 < len(steps) <= MOST_BARS:
        return None
    most = max(step.count for step in steps)
    if not most:
        return None
    bars = tuple(
        _bar(number, step, most, timeline.step, links)
        for number, step in enumerate(steps)
        if step.count
    )
    ends = (_end(steps[0], timeline.step), _end(steps[-1], timeline.step))
    return Chart(
        bars,
        len(steps) * PITCH,
        len(steps) * NATURAL,
        UNITS[timeline.step],
        *ends,
        timeline.undated,
    )


def _bar(number: int, step: StepCount, most: int, width: Step, links: Links) -> Bar:
    height = round(max(LOWEST, step.count / most * HEIGHT), 1)
    label = f"{_name(step, width)}: {articles(step.count)}"
    return Bar(
        number * PITCH,
        round(HEIGHT - height, 1),
        height,
        label,
        links.during(step.start, step.end),
    )


def _name(step: StepCount, width: Step) -> str:
    return period(step.start, step.end) if width is not Step.DAY else day(step.start)


def _end(step: StepCount, width: Step) -> str:
    match width:
        case Step.YEAR:
            return str(step.start.year)
        case Step.MONTH:
            return month(step.start)
        case _:
            return day(step.start)
