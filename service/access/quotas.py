"""How often one client may ask: a quota for reading, one for writing, right across all workers.

A quota of 300/minute may be used at once, and comes back evenly: one every fifth of a second.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from service.access.buckets import Buckets

WINDOWS = {"second": 1, "minute": 60, "hour": 3_600}
MOST = 1_000_000
_RATE = re.compile(rf"([0-9]{{1,7}})/({'|'.join(WINDOWS)})")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in each window, in seconds; none at all means without a limit."""

    quota: int = 0
    window: int = 1

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read «300/minute»; 0 is no limit. Raise ValueError."""
        if text == "0":
            return UNLIMITED
        found = _RATE.fullmatch(text)
        if not found or not 1 <= int(found[1]) <= MOST:
            raise ValueError(text)
        return cls(int(found[1]), WINDOWS[found[2]])

    def __bool__(self) -> bool:
        return self.quota > 0

    def __str__(self) -> str:
        names = {seconds: name for name, seconds in WINDOWS.items()}
        return f"{self.quota}/{names[self.window]}" if self else "0"


UNLIMITED = Rate()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left of the quota called *name*.

    ``wait`` is how many seconds pass until it is one more, or, where *allowed* is false, until
    the next request is answered.
    """

    name: str
    rate: Rate
    left: int
    wait: int
    allowed: bool


class Quotas:
    """The quotas of a service. Made before the workers are forked."""

    def __init__(self, reading: Rate, writing: Rate) -> None:
        self._rates = {"reading": reading, "writing": writing}
        self._buckets = Buckets() if reading or writing else None

    def take(self, name: str, client: bytes) -> Allowance | None:
        """Use one request of *client*'s quota called *name*; None where there is no limit."""
        rate = self._rates[name]
        if not rate or not self._buckets:
            return None
        step = rate.window / rate.quota
        held = self._buckets.add(name.encode() + client, step, float(rate.window))
        room = rate.window - held
        if room < 0:
            return Allowance(name, rate, 0, math.ceil(-room), allowed=False)
        left = int(room / step + 1e-9)
        return Allowance(
            name, rate, left, max(1, math.ceil((left + 1) * step - room)), allowed=True
        )
