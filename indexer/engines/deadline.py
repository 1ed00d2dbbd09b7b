"""The time that a question has: looked at between the steps of a search, which are short.

    give(5)    whoever takes the question in, on the thread that answers it
    take()     the same, once it is answered
    check()    engines, between one step and the next
    left()     engines that wait for another machine
    endless()  around what has begun and is not given up halfway: a write

A thread that was given none has all the time there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from time import monotonic, thread_time


class OutOfTime(Exception):
    """The time is over. *busy*: the machine had none for the question; else it asks too much."""

    def __init__(self, seconds: float, *, busy: bool) -> None:
        super().__init__(f"The search took longer than {seconds:g} seconds.")
        self.seconds = seconds
        self.busy = busy


@dataclass(frozen=True, slots=True)
class _Time:
    seconds: float
    until: float
    worked: float  # seconds on the processor before it began


_ENDLESS = _Time(inf, inf, 0)
_time: ContextVar[_Time] = ContextVar("_time", default=_ENDLESS)


def give(seconds: float) -> None:
    """Give the questions of this thread *seconds* from now, all together."""
    _time.set(_Time(seconds, monotonic() + seconds, thread_time()))


def take() -> None:
    """Take the time away: this thread has all there is again.

    No clock is read. That of a thread lets the system reckon who has had enough, and pass the
    processor on: just before an answer is sent.
    """
    _time.set(_ENDLESS)


def check() -> None:
    """Raise OutOfTime where the time is over."""
    time = _time.get()
    if monotonic() > time.until:
        raise OutOfTime(time.seconds, busy=thread_time() - time.worked < time.seconds / 2)


def left() -> float:
    """Return the seconds that are left, `inf` where nobody gave any."""
    return _time.get().until - monotonic()


@contextmanager
def endless() -> Iterator[None]:
    """Give what is done here all the time there is."""
    before = _time.set(_ENDLESS)
    try:
        yield
    finally:
        _time.reset(before)
