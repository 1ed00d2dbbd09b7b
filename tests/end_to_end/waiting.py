"""Waiting for what other processes do: as long as they need on a busy machine, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

_LONGEST = 60.0  # seconds


def until(holds: Callable[[], object], told: str = "") -> None:
    """Return once *holds* does; fail, with *told*, where that takes too long."""
    deadline = time.monotonic() + _LONGEST
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"after {_LONGEST:g} seconds still not: {told or holds.__name__}")
        time.sleep(0.02)
