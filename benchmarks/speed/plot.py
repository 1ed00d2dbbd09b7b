"""The growth of cost with the number of articles, drawn as SVG by hand: one panel a measure."""

from __future__ import annotations

import math
from html import escape
from itertools import pairwise

from benchmarks.speed.growth import SECTION
from benchmarks.speed.series import Results, Series

_WIDTH, _HEIGHT = 300, 190  # of a panel
_LEFT, _TOP, _BOTTOM, _RIGHT = 52, 40, 30, 14
_COLUMNS = 3
_COLOURS = {"ours": "#0a5fb4", "tantivy": "#b4570a"}


def draw(results: Results) -> str:
    """Return an SVG; a panel's axes begin at 0 below, and are logarithmic along the articles."""
    grown = [each for each in results.series if each.section == SECTION]
    rows = list(dict.fromkeys((each.row, each.unit) for each in grown))
    height = _HEIGHT * math.ceil(len(rows) / _COLUMNS) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH * _COLUMNS}" height="{height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH * _COLUMNS}" height="{height}" fill="white"/>',
    ]
    for place, (name, colour) in enumerate(_COLOURS.items()):
        parts.append(_text(_LEFT + 80 * place, 16, name, colour=colour, bold=True))
    for number, (row, unit) in enumerate(rows):
        across, down = number % _COLUMNS * _WIDTH, number // _COLUMNS * _HEIGHT + 24
        panel = _panel(f"{row}, {unit}", [each for each in grown if each.row == row])
        parts += [f'<g transform="translate({across},{down})">', *panel, "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, series: list[Series]) -> list[str]:
    sizes = sorted({_size(each) for each in series})
    top = _round_up(max(each.median for each in series))
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    span = math.log(sizes[-1] / sizes[0]) or 1

    def across(size: int) -> float:
        return _LEFT + (right - _LEFT) * math.log(size / sizes[0]) / span

    def down(value: float) -> float:
        return bottom - (bottom - _TOP) * value / top

    parts = [_text(_LEFT, _TOP - 12, title, bold=True)]
    for value in (0, top / 2, top):
        parts.append(_line(_LEFT, down(value), right, down(value), "#ddd"))
        parts.append(_text(_LEFT - 5, down(value) + 4, f"{value:,g}", anchor="end"))
    for size in sizes:
        parts.append(_text(across(size), bottom + 15, _short(size), anchor="middle"))
    for engine, colour in _COLOURS.items():
        found = sorted((_size(each), each.median) for each in series if each.engine == engine)
        points = [(across(size), down(value)) for size, value in found]
        parts += [_line(*one, *other, colour, 2) for one, other in pairwise(points)]
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return parts


def _size(series: Series) -> int:
    return int(series.measure.replace(",", ""))


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, … above *value*."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power)


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int = 1) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = "#333",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(text)}</text>"
    )
