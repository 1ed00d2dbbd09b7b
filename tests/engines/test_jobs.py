"""Is work that several processes share done once, all of it, and no faster than it is taken?"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

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


LOCKED = """
import fcntl, sys, time
from indexer.engines.jobs import shared

def slow(batches):
    for _ in batches:
        print("at work", flush=True)
        time.sleep(60)
        yield 1

with open(sys.argv[1], "w") as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    list(shared(slow, range(8), 2))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there processes are forked")
def test_what_a_killed_process_had_locked_is_free_at_once(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", LOCKED, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"at work\n"
        with lock.open() as wanted, pytest.raises(BlockingIOError):
            fcntl.flock(wanted, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process.kill()
    until = time.monotonic() + 20
    with lock.open() as wanted:
        while time.monotonic() < until:
            try:
                fcntl.flock(wanted, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return
    pytest.fail("a copy of the killed process still holds its lock")
