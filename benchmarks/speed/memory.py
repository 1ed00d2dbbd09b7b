"""How much memory a process and its children hold, watched while they work.

Private is anonymous and shared memory, each page counted once over all processes; pages of mapped
files, which the kernel may drop at any time, stand apart.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

_EVERY = 0.1  # seconds, or more: looking is to take no more than a fiftieth of the time
_SHARE = 50
_MIB = 1024  # KiB


class Memory(NamedTuple):
    """MiB held: by the processes themselves, and in pages of mapped files."""

    private: float
    mapped: float


def memory_of(pid: int) -> Memory:
    """Return what process *pid* and all its descendants hold now."""
    private = mapped = 0
    for each in _family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        private += sizes["Pss_Anon"] + sizes["Pss_Shmem"]
        mapped += sizes["Pss_File"]
    return Memory(private / _MIB, mapped / _MIB)


def children(pid: int) -> list[int]:
    """Return the processes that process *pid* started."""
    found: list[int] = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, told.read_text().split())
        except OSError:  # a thread has just ended
            continue
    return found


def _family(pid: int) -> list[int]:
    family = [pid]
    for each in family:
        family += children(each)
    return family


class Watch:
    """Notes the peak of a process's memory while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.peak = Memory(0, 0)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        pause = _EVERY
        while not self._stop.wait(pause):
            begun = time.thread_time()
            self.peak = max(self.peak, memory_of(self._pid))
            pause = max(_EVERY, (time.thread_time() - begun) * _SHARE)
