"""Which forms does a word with typing errors stand for?"""

from __future__ import annotations

from functools import cache
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.expansion import within

words = st.text("abc", max_size=6)


def by_definition(one: str, other: str) -> int:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        ]
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
            ways.append(distance(i - 2, j - 2) + 1)
        return min(ways)

    return distance(len(one), len(other))


@given(words, words, st.integers(0, 3))
def test_within_is_optimal_string_alignment(one: str, other: str, edits: int) -> None:
    assert within(one, other, edits) == (by_definition(one, other) <= edits)


def test_words_of_thousands_of_letters_are_compared_at_once() -> None:
    started = perf_counter()
    assert within("x" * 5_000, "x" * 5_000, 0)
    assert not within("ab" * 2_500, "ba" * 2_500, 1)
    assert within("ab" * 2_500, "ba" * 2_500, 2)
    assert perf_counter() - started < 5  # a table of all pairs takes half a minute
