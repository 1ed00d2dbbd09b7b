"""A run as text for people and as JSON for programs."""

from __future__ import annotations

import msgspec

from benchmarks.speed.series import Results, Series
from benchmarks.speed.targets import Judged

_ROW, _CELL = 56, 20

_LEGEND = """\
Each cell is median/90th percentile ×runs; ours/tantivy is the ratio of the medians.
Indexes are made from JSON Lines, reading included, until merged, durable and closed.
Searches bring the ten best articles and the exact total; every question is asked once.
A full page is parsed, searched, counted, and has a snippet and a marked title for each result.
Private memory is anonymous and shared memory of all processes; mapped files stand apart.
Over HTTP every answer was a 200, except where a row «failed» says otherwise."""


def as_text(about: dict[str, str], results: Results, judged: list[Judged], notes: list[str]) -> str:
    """Return the whole run as tables of medians and 90th percentiles."""
    lines = [f"{name}: {value}" for name, value in about.items()]
    lines += ["", _LEGEND]
    for section in dict.fromkeys(each.section for each in results.series):
        series = [each for each in results.series if each.section == section]
        lines += ["", *_table(section, series, results)]
    lines += ["", "Targets", "-------"]
    for each in judged:
        verdict = "reached" if each.reached else "NOT REACHED"
        by_cpu = "" if each.by_cpu is None else f", by CPU time {_short(each.by_cpu)}"
        lines.append(f"{verdict:12}{each.name}: {_short(each.value)}{by_cpu} ({each.promise})")
    return "\n".join([*lines, "", *notes, ""])


def as_json(
    about: dict[str, str], results: Results, judged: list[Judged], notes: list[str]
) -> bytes:
    """Return the whole run with every value taken."""
    series = [
        {
            "section": each.section,
            "row": each.row,
            "measure": each.measure,
            "unit": each.unit,
            "engine": each.engine,
            "median": round(each.median, 4),
            "p90": round(each.p90, 4),
            "runs": len(each.values),
            "values": [round(value, 3) for value in each.values],
        }
        for each in results.series
    ]
    return msgspec.json.encode(
        {"about": about, "series": series, "targets": judged, "notes": notes}
    )


def _table(section: str, series: list[Series], results: Results) -> list[str]:
    shown = {each.engine for each in series}
    engines = [name for name in results.engines() if name in shown]
    compared = {"ours", "tantivy"} <= shown
    heads = [*engines, *(["ours/tantivy"] if compared else [])]
    lines = [f"{section:{_ROW}}" + "".join(f"{head:>{_CELL}}" for head in heads)]
    lines.append("-" * len(lines[0]))
    rows = dict.fromkeys((each.row, each.measure, each.unit) for each in series)
    for row, measure, unit in rows:
        found = {name: results.find(row, measure, name) for name in engines}
        name = f"{row}{f', {measure}' if measure else ''}"
        cells = [_cell(each) if each else "-" for each in found.values()]
        if compared:
            cells.append(_ratio(found["ours"], found["tantivy"]))
        lines.append(f"{f'{name}, {unit}':{_ROW}}" + "".join(f"{cell:>{_CELL}}" for cell in cells))
    return lines


def _ratio(ours: Series | None, theirs: Series | None) -> str:
    if ours is None or theirs is None or not theirs.median:
        return "-"
    return _short(ours.median / theirs.median)


def _cell(series: Series) -> str:
    if len(series.values) == 1:
        return f"{_short(series.median)} ×1"
    return f"{_short(series.median)}/{_short(series.p90)} ×{len(series.values)}"


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1 or not value else f"{value:.2f}"
