"""Is the last hour told right, over all processes, and forgotten after it?"""

from __future__ import annotations

import os
import threading

from service.lasthour import SHOWN, Asked, Kind, LastHour

QUICK = Asked(seconds=0.004, found=12, words=2, phrases=0, patterns=0, filters=0)
SLOW = Asked(seconds=1.5, found=3, words=0, phrases=2, patterns=1, filters=0)
EMPTY = Asked(seconds=0.001, found=0, words=1, phrases=0, patterns=0, filters=0)


class Clock:
    def __init__(self) -> None:
        self.now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


def test_searches_are_added_up_and_the_slowest_come_first() -> None:
    clock = Clock()
    hour = LastHour(clock=clock)
    for asked in (QUICK, SLOW, QUICK):
        hour.note(asked)
    clock.now += 60
    hour.note(EMPTY)
    told = hour.told()
    assert told.searches == 4
    assert round(told.seconds, 6) == 1.509
    assert [slow.asked for slow in told.slowest] == [SLOW, EMPTY]
    assert told.slowest[1].at - told.slowest[0].at == 60
    assert told.empty == {kind: int(kind is Kind.ONE_WORD) for kind in Kind}


def test_an_hour_later_nothing_is_left() -> None:
    clock = Clock()
    hour = LastHour(clock=clock)
    hour.note(SLOW)
    clock.now += 59 * 60
    assert hour.told().searches == 1
    clock.now += 60
    assert hour.told().searches == 0
    assert hour.told().slowest == ()
    hour.note(QUICK)  # in the very place of the one before
    assert [slow.asked for slow in hour.told().slowest] == [QUICK]


def test_the_memory_does_not_grow() -> None:
    clock = Clock()
    hour = LastHour(clock=clock)
    for _ in range(500):
        clock.now += 60
        hour.note(QUICK)
    told = hour.told()
    assert told.searches == 60
    assert len(told.slowest) == SHOWN


def test_what_every_process_noted_is_told_by_each() -> None:
    hour = LastHour(rows=3)
    for row in (1, 2):
        child = os.fork()
        if not child:
            hour.take(row)
            for _ in range(10):
                hour.note(QUICK)
            os._exit(0)
        os.waitpid(child, 0)
    hour.take(0)
    hour.note(SLOW)
    assert hour.told().searches == 21
    assert hour.told().slowest[0].asked == SLOW


def test_threads_of_a_process_lose_nothing() -> None:
    hour = LastHour(clock=Clock())
    threads = [
        threading.Thread(target=lambda: [hour.note(QUICK) for _ in range(500)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hour.told().searches == 2_000
