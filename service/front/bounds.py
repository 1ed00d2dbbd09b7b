"""What one worker bears: of its clients, and of itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from service.limits import DEFAULTS
from service.metrics import Metrics

Task = Callable[[Callable[[], bool], float], None]
"""What a worker does that answers nobody: as long as the first says so, then some seconds more."""

_STATUS = Path("/proc/self/status")
_LOOK = 5.0  # seconds between looks at the memory
_SETTLED = 10.0  # before the first: a bound that is set too low must not stop the service
_PRIVATE = re.compile(rb"^RssAnon:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a worker bears with a client and with a request, and how much memory it takes."""

    patience: float = 15
    """Seconds for a request to arrive or an answer to leave; every byte that moves adds to it."""
    longest: float = 300
    """Seconds for a request under way; then it is given up, and the worker is replaced."""
    head: int = DEFAULTS.head_size
    """Bytes of a request before its body."""
    memory: int = 0
    """Bytes of private memory; a worker that has more is replaced. 0 is no bound."""


def private_memory() -> int:
    """Return the bytes that this process has for itself alone; 0 where nobody tells.

    The maps of an index are not among them: they are the system's, which takes them back at need.
    """
    try:
        found = _PRIVATE.search(_STATUS.read_bytes())
    except OSError:  # no Linux
        return 0
    return int(found[1]) * 1024 if found else 0


class Memory:
    """The private memory of this process, looked at now and then."""

    def __init__(self) -> None:
        self._next = monotonic() + _SETTLED

    def look(self, metrics: Metrics) -> int:
        """Return how many bytes it is, 0 before it is time to look again; note it in *metrics*."""
        now = monotonic()
        if now < self._next:
            return 0
        self._next = now + _LOOK
        taken = private_memory()
        metrics.note_memory(taken)
        return taken
