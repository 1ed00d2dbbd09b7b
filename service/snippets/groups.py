"""Which matches of a text stand together, and tell most.

A group counts for the different terms it holds: rare and long ones, phrases, exact forms and
neighbours more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from operator import itemgetter

from service.snippets.finding import Match

_EXACT = 1.25
_REPEATED = 0.1
_NEAR = 30  # characters over which closeness halves
_ENOUGH = 200  # places of one term to choose among
_BY_BOUND = itemgetter(0)
_ROUNDED = 1 + 1e-9  # sums in another order may differ in their last digits


def first_of_each(matches: Sequence[Match]) -> Sequence[Match]:
    """Return *matches* without the late ones of a term that is everywhere."""
    if len(matches) <= _ENOUGH:
        return matches
    times: Counter[int] = Counter()
    kept = []
    for match in matches:
        times[match.term] += 1
        if times[match.term] <= _ENOUGH:
            kept.append(match)
    return kept


def weigh(matches: Sequence[Match]) -> dict[int, float]:
    """Return what each term counts: long and rare ones more."""
    times: dict[int, int] = {}
    lengths: dict[int, int] = {}
    for start, end, term, _ in matches:
        times[term] = times.get(term, 0) + 1
        lengths[term] = end - start
    return {term: (4 + min(length, 24)) / sqrt(1 + times[term]) for term, length in lengths.items()}


def best(
    matches: Sequence[Match], weights: dict[int, float], span: float, taken: Sequence[int]
) -> Sequence[Match]:
    """Return the group that scores most, of equals the first; none reaches over a place *taken*.

    A group lies within *span* characters. Only those are scored that may be the best.
    """
    if len(matches) == 1:
        return matches
    gains = [weights[term] * _EXACT if exact else weights[term] for _, _, term, exact in matches]
    highest, at, chosen = 0.0, len(matches), matches[:1]
    for most, place, end in sorted(_bounds(matches, gains, span), key=_BY_BOUND, reverse=True):
        if most < highest:
            break  # no other group can score as much
        group = matches[place:end]
        score, size = _score(group, gains[place:end], taken)
        if score > highest or (score == highest and place < at):
            highest, at, chosen = score, place, group[:size]
    return chosen


def _bounds(
    matches: Sequence[Match], gains: Sequence[float], span: float
) -> Iterator[tuple[float, int, int]]:
    """Yield of each group the most it can score, where it begins and where it ends."""
    count = len(matches)
    end, most = 0, 0.0
    for place, match in enumerate(matches):
        beyond = match.start + span
        if end == place:
            end, most = place + 1, gains[place]
        while end < count and matches[end].end <= beyond:
            most += gains[end]
            end += 1
        yield 2 * most * _ROUNDED, place, end
        most -= gains[place]


def _score(
    group: Sequence[Match], gains: Sequence[float], taken: Sequence[int]
) -> tuple[float, int]:
    """Return what *group* scores, and how many of it stand before what is *taken*."""
    score, before = 0.0, group[0].end
    seen: set[int] = set()
    for number, (place, stop, term, _) in enumerate(group):
        if taken and any(before <= start < stop for start in taken):
            return score, number
        if term in seen:
            score += gains[number] * _REPEATED
        elif seen:
            score += gains[number] * (1 + _NEAR / (_NEAR + max(0, place - before)))
            seen.add(term)
        else:
            score += gains[number]
            seen.add(term)
        before = stop
    return score, len(group)
