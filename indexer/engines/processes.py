"""Processes beside this one: copies of it where that is safe; none outlives it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 1.0
"""Seconds between looks at whether the other side still lives."""

_DEATH_SIGNAL = 1  # as Linux's prctl.h numbers it: what a process gets when its parent dies


class Starter:
    """Starts processes, all in one way."""

    def __init__(self) -> None:
        self._forks = _alone()
        self.context: Any = multiprocessing.get_context("fork" if self._forks else "spawn")
        """What makes queues and pipes for them."""

    def start(self, run: Callable[..., None], *task: object) -> Any:
        """Start a process that calls *run* with the number of this one and *task*; return it."""
        begin = _forked if self._forks else _begun
        process = self.context.Process(target=begin, args=(run, os.getpid(), *task), daemon=True)
        process.start()
        return process


def check_parent(parent: int) -> None:
    """End this process unless the one that started it is still there."""
    if os.getppid() != parent:  # nobody is left to finish for
        raise SystemExit(1) from None


def _alone() -> bool:
    """Tell whether this process has one thread and can be forked, which spares a start.

    Of several the others are not there in a copy, and the locks that they hold stay locked.
    """
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _forked(run: Callable[..., None], parent: int, *task: object) -> None:
    # A copy has the files open that its parent has locked: it must not outlive it.
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    _begun(run, parent, *task)


def _begun(run: Callable[..., None], parent: int, *task: object) -> None:
    check_parent(parent)
    run(parent, *task)
