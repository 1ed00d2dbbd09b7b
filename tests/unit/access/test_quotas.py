"""How often may one ask: counted rightly, by all processes together, in a table of a fixed size?"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from service.access import buckets
from service.access.buckets import SETS, WAYS, Buckets
from service.access.quotas import UNLIMITED, Quotas, Rate

# Threads that other tests left behind are of no concern to children that take no lock of theirs.
FORKING = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(buckets, "monotonic", clock)
    return clock


@pytest.mark.parametrize("text", ["300/minute", "1/second", "1000000/hour", "0"])
def test_a_rate_is_shown_as_it_is_written(text: str) -> None:
    assert str(Rate.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "300",
        "0/minute",
        "1000001/hour",
        "-1/second",
        "1/day",
        "1/Minute",
        "٣/minute",
        "1.5/hour",
        "1/minute\n",
    ],
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Rate.parse(text)


def test_a_quota_may_be_used_at_once_and_comes_back_evenly(clock: Clock) -> None:
    quotas = Quotas(Rate(6, 60), UNLIMITED)
    told = [quotas.take("reading", b"a") for _ in range(7)]
    assert [each.left for each in told if each] == [5, 4, 3, 2, 1, 0, 0]
    assert [each.allowed for each in told if each] == [True] * 6 + [False]
    assert [each.wait for each in told if each] == [10] * 7
    clock.now += 9.5
    refused = quotas.take("reading", b"a")
    assert refused
    assert (refused.allowed, refused.wait) == (False, 1)
    clock.now += 0.5
    again = quotas.take("reading", b"a")
    assert again
    assert (again.allowed, again.left) == (True, 0)
    clock.now += 1000
    rested = quotas.take("reading", b"a")
    assert rested
    assert (rested.allowed, rested.left) == (True, 5)


def test_refused_requests_cost_nothing(clock: Clock) -> None:
    quotas = Quotas(Rate(1, 1), UNLIMITED)
    assert quotas.take("reading", b"a")
    for _ in range(100):
        refused = quotas.take("reading", b"a")
        assert refused
        assert not refused.allowed
    clock.now += 1
    allowed = quotas.take("reading", b"a")
    assert allowed
    assert allowed.allowed


def test_reading_and_writing_and_clients_are_counted_apart(clock: Clock) -> None:
    quotas = Quotas(Rate(1, 60), Rate(1, 60))
    for name in ("reading", "writing"):
        for client in (b"a", b"b"):
            first, second = (quotas.take(name, client) for _ in range(2))
            assert first
            assert second
            assert (first.allowed, second.allowed) == (True, False)


def test_without_a_rate_nothing_is_counted() -> None:
    assert Quotas(UNLIMITED, UNLIMITED).take("reading", b"a") is None
    assert Quotas(UNLIMITED, Rate(1, 1)).take("reading", b"a") is None


def test_over_any_stretch_of_time_no_more_pass_than_the_quota_and_what_came_back(
    clock: Clock,
) -> None:
    quotas = Quotas(Rate(60, 60), UNLIMITED)
    passed = 0
    for _ in range(3000):  # 300 seconds of ten requests a second
        allowance = quotas.take("reading", b"a")
        assert allowance
        passed += allowance.allowed
        clock.now += 0.1
    assert 60 + 299 <= passed <= 60 + 301


def test_the_first_wait_that_is_told_is_enough_and_one_second_less_is_not(clock: Clock) -> None:
    for quota, window in ((7, 60), (1, 3600), (1000, 3600), (90, 60)):
        quotas = Quotas(Rate(quota, window), UNLIMITED)
        allowance = None
        while not allowance or allowance.allowed:
            allowance = quotas.take("reading", b"a")
        if allowance.wait > 1:
            clock.now += allowance.wait - 1
            early = quotas.take("reading", b"a")
            assert early
            assert not early.allowed
            clock.now += 1
        else:
            clock.now += 1
        late = quotas.take("reading", b"a")
        assert late
        assert late.allowed


def test_a_full_table_forgets_who_owes_least(clock: Clock) -> None:
    table = Buckets()
    for number in range(SETS * WAYS * 2):
        table.add(number.to_bytes(4, "big"), 1.0, 100.0)
    assert table.add(b"debtor", 90.0, 100.0) == 90.0
    for number in range(SETS * WAYS * 2):
        table.add(b"x" + number.to_bytes(4, "big"), 1.0, 100.0)
    assert table.add(b"debtor", 1.0, 100.0) == 91.0


@FORKING
def test_all_processes_and_threads_count_together() -> None:
    quotas = Quotas(Rate(500, 3600), UNLIMITED)

    def use() -> int:
        counts = [0] * 4

        def one(number: int) -> None:
            for _ in range(100):
                allowance = quotas.take("reading", b"a")
                counts[number] += bool(allowance and allowance.allowed)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts)

    pipes = []
    for _ in range(4):
        receiving, sending = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(sending, use().to_bytes(4, "big"))
            finally:
                os._exit(0)
        os.close(sending)
        pipes.append((child, receiving))
    total = 0
    for child, receiving in pipes:
        total += int.from_bytes(os.read(receiving, 4), "big")
        os.close(receiving)
        os.waitpid(child, 0)
    assert 500 <= total <= 502  # of 1,600 asked; one comes back every seven seconds


@FORKING
def test_whoever_dies_in_the_middle_holds_nobody_up() -> None:
    quotas = Quotas(Rate(1_000_000, 3600), UNLIMITED)
    for _ in range(20):
        child = os.fork()
        if not child:
            while True:
                quotas.take("reading", b"a")
        time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        started = time.monotonic()
        allowance = quotas.take("reading", b"a")
        assert allowance
        assert allowance.allowed
        assert time.monotonic() - started < 1
