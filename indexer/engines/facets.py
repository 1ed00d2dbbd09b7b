"""How many hits share a value, whatever its case and accents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from indexer.italian import fold


def count(values: Iterable[Iterable[str]]) -> tuple[tuple[str, int], ...]:
    """Count the articles, given the *values* each has; the most frequent first, then by alphabet.

    A value is shown as most of these articles write it, of equals the first by code point.
    """
    articles: Counter[str] = Counter()
    writings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for written in values:
        folded = {fold(value): value for value in reversed(tuple(written))}
        articles.update(folded.keys())
        for key, value in folded.items():
            writings[key][value] += 1
    ranked = sorted(articles.items(), key=lambda item: (-item[1], item[0]))
    return tuple((_usual(writings[key]), number) for key, number in ranked)


def _usual(writings: Counter[str]) -> str:
    return min(writings, key=lambda value: (-writings[value], value))
