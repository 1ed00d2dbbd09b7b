"""What those who write and those who search do, and what they met."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.wire import Ask, Client, request

_WORDS = "governo piano pace legge voto città scuola fiume neve treno mare porto luce".split()  # noqa: SIM905
_ASKED = ("pace", "neve", "treno", "porto", "piano")
_TEXTS = 256
_PARTS = 20


@dataclass
class Met:
    """What clients met: how often what happened, and how long they waited."""

    writes: Counter[str] = field(default_factory=Counter)
    searches: Counter[str] = field(default_factory=Counter)
    write_seconds: list[float] = field(default_factory=list)
    search_seconds: list[float] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """What must not happen."""
        writes = self.writes
        return writes["stale"] + writes["lost"] + writes["fault"] + self.searches["fault"]


def waited(seconds: list[float]) -> str:
    """Return the median and the 95th percentile of *seconds*, to be read."""
    if len(seconds) < _PARTS:
        return "-"
    parts = statistics.quantiles(seconds, n=_PARTS)
    return f"{statistics.median(seconds) * 1000:.0f} ms, 95th {parts[-1] * 1000:.0f} ms"


def texts() -> list[str]:
    """Return texts of 300 words, made beforehand: nobody waits for them."""
    chance = random.Random(1)
    return [" ".join(chance.choices(_WORDS, k=300)) for _ in range(_TEXTS)]


def write(name: str, until: float, met: Met, bodies: list[str]) -> Client:
    """Put, replace and delete articles called after *name* until *until*, then look for all.

    Every fifth is read at once, by a connection of its own, which any worker may answer.
    """
    chance = random.Random(name)
    kept: dict[str, str] = {}
    known: list[str] = []  # some of them were deleted
    number = 0
    while time.monotonic() < until:
        old = chance.choice(known) if known and chance.random() < 0.3 else None
        expected: tuple[int, ...]
        text: str | None
        if old in kept and chance.random() < 0.3:
            article_id, text, expected = str(old), None, (204,)
            asked = request("DELETE", f"/articles/{article_id}")
        else:
            article_id, expected = old or f"{name}-{number}", (200, 201)
            text = f"{chance.choice(bodies)} {chance.random()}"
            body = json.dumps({"title": "Prova", "text": text}, ensure_ascii=False).encode()
            asked = request("PUT", f"/articles/{article_id}", body)
        asked_at = time.monotonic()
        status, _ = yield Ask(asked)
        met.write_seconds.append(time.monotonic() - asked_at)
        if status not in expected:
            met.writes["503" if status == 503 else "fault"] += 1
            continue
        met.writes["done"] += 1
        number += 1
        kept.pop(article_id, None)
        if text is not None:
            kept[article_id] = text
            if old is None:
                known.append(article_id)
        if met.writes["done"] % 5 == 0:
            status, body = yield Ask(request("GET", f"/articles/{article_id}"), anew=True)
            met.writes["stale"] += not _shows(status, body, text)
    for article_id in known:
        status, body = yield Ask(request("GET", f"/articles/{article_id}"))
        met.writes["lost"] += not _shows(status, body, kept.get(article_id))


def _shows(status: int, body: bytes, text: str | None) -> bool:
    return status == 404 if text is None else status == 200 and json.loads(body)["text"] == text


def search(number: int, until: float, met: Met) -> Client:
    """Search without a pause until *until*."""
    chance = random.Random(number)
    while time.monotonic() < until:
        asked_at = time.monotonic()
        status, _ = yield Ask(request("GET", f"/search?q={'+'.join(chance.sample(_ASKED, 2))}"))
        met.search_seconds.append(time.monotonic() - asked_at)
        met.searches[str(status)] += 1
        met.searches["fault"] += status >= 500
