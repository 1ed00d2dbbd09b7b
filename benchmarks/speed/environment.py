"""The machine and the versions behind the figures: what a reader needs to judge them."""

from __future__ import annotations

import os
import platform
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("numpy", "zstandard", "PyStemmer", "Whoosh", "falcon", "gunicorn", "msgspec")
_SYNCED = 4096  # bytes


def describe() -> dict[str, str]:
    """Return what the figures depend on, by name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
    }


def load_average() -> str:
    """Return how busy the machine has been over the last minute, and over five."""
    return " ".join(f"{load:.2f}" for load in os.getloadavg()[:2])


def sync_time(folder: Path, times: int = 30) -> float:
    """Return the median seconds that writing and syncing 4 KiB in *folder* takes."""
    taken = []
    path = folder / "synced"
    with path.open("wb", buffering=0) as file:
        for _ in range(times):
            begin = time.perf_counter()
            file.write(os.urandom(_SYNCED))
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begin)
    path.unlink()
    return statistics.median(taken)


def machine(described: dict[str, str]) -> str:
    """Return a name for the machine that fits a file name: its processor and cores alone."""
    words = "".join(c if c.isalnum() else " " for c in described["processor"]).split()
    return "-".join([*words, f"{described['cores']}cores"]).lower()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
