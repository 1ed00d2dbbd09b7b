"""How many cores this process may use: a container's share, not the whole machine."""

from __future__ import annotations

import math
import os
from pathlib import Path

_CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # «200000 100000»: two cores; «max 100000»: all


def cores() -> int:
    """Count them."""
    try:
        found = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        found = os.cpu_count() or 1
    try:
        quota, period = _CPU_QUOTA.read_text().split()
        return min(found, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):  # no control group, or no limit in it
        return found
