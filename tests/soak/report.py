"""What a run did, as a table that a page can hold."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.soak.roles import Field


def table(title: str, field: Field, more: Iterable[tuple[str, str]] = ()) -> str:
    """Return a table in Markdown."""
    cores = len(os.sched_getaffinity(0))
    rows = [
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("machine", f"{cores} cores, load {os.getloadavg()[1]:.1f} of the last five minutes"),
        *((name, f"{count:,}") for name, count in sorted(field.counts.items())),
        *more,
        ("wrong", str(len(field.wrong))),
    ]
    lines = [f"| {title} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join(lines)
