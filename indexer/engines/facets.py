"""How many hits share a value, whatever its case and accents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from indexer.italian import fold


def count(values: Iterable[Iterable[str]]) -> tuple[tuple[str, int], ...]:
    """Count the articles, given the *values* each has; the most frequent first, then by alphabet.

    A value is shown as most of these articles write it, of equals the first by code point.
    """
    writings: Counter[str] = Counter()
    for written in values:
        # Values of one article that differ in case and accents alone are one: the first writing.
        writings.update({fold(value): value for value in reversed(tuple(written))}.values())
    return rank(writings)


def rank(writings: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Order values as `count` does, given how many articles have each writing."""
    alike: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for value, number in writings.items():
        alike[fold(value)][value] = number
    totals = {key: sum(own.values()) for key, own in alike.items()}
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple((_usual(alike[key]), number) for key, number in ranked)


def _usual(writings: Mapping[str, int]) -> str:
    return min(writings, key=lambda value: (-writings[value], value))
