"""Is work that several processes share done once, all of it, and no faster than it is taken?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest

from indexer.engines.contract import EngineError
from indexer.engines.jobs import shared

JOBS = 2


def doubled(numbers: Iterator[int]) -> Iterator[int]:
    yield from (2 * number for number in numbers)


def failing(at: int, numbers: Iterator[int]) -> Iterator[int]:
    for number in numbers:
        if number == at:
            raise ValueError(f"no {at}")
        yield number


def dying(at: int, numbers: Iterator[int]) -> Iterator[int]:
    for number in numbers:
        if number == at:
            os._exit(3)
        yield number


def test_every_batch_has_its_result() -> None:
    assert sorted(shared(doubled, range(100), JOBS)) == list(range(0, 200, 2))
    assert list(shared(doubled, [], JOBS)) == []


def test_batches_are_not_asked_for_before_results_are_taken() -> None:
    asked = 0

    def batches() -> Iterator[int]:
        nonlocal asked
        for number in range(10_000):
            asked += 1
            yield number

    results = shared(doubled, batches(), JOBS)
    for taken in range(1, 200):
        next(results)
        assert asked - taken < 20 * JOBS
    results.close()  # type: ignore[attr-defined]


def test_what_fails_in_a_process_fails_here() -> None:
    with pytest.raises(ValueError, match="no 50"):
        list(shared(partial(failing, 50), range(100), JOBS))


def test_a_process_that_dies_is_told_of() -> None:
    with pytest.raises(EngineError, match="exit code 3"):
        list(shared(partial(dying, 50), range(100), JOBS))
