"""GET /healthz, /readyz, /status and /metrics: does it live, can it answer, how is it, how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import falcon

from indexer.engines.contract import Engine, Writes
from service.metrics import Metrics, heading, line
from service.release import release
from service.resources.parameters import Number, read_given
from service.resources.problems import RETRY_AFTER, Problem

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Alive:
    """The process lives."""

    status: Literal["alive"] = "alive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The index answers; what it holds, and the room around it."""

    status: Literal["ready"] = "ready"
    articles: int
    generation: int
    last_commit: str | None
    writes: Writes
    free_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the service is, in the shape of a problem; which it is, and what it holds."""

    type: str = "about:blank"
    title: str = "OK"
    status: int = 200
    detail: str
    version: str
    articles: int
    index_bytes: int
    index_format: int
    chain: int
    generation: int
    last_commit: str | None


class AliveResource:
    """Answers as long as the process does; asks nothing of the index."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say that the process lives."""
        read_given(req.params)
        resp.media = Alive()

    on_head = on_get


_WRITES = Number(
    name="writes",
    meaning="1 asks whether articles could be written as well; 503 tells that they could not.",
    default=0,
    lowest=0,
    highest=1,
)
READINESS = (_WRITES,)

_WANTING = {
    Writes.NO_ROOM: "Searches are answered; writes are not, for want of room on the disk.",
    Writes.NOT_ALLOWED: "Searches are answered; writes are not: the index is not ours to write.",
}


class ReadyResource:
    """Answers when the index can; writes alone may be wanting, and be asked for.

    What this process has met damaged counts as long as it is; nothing is looked for.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say what the index holds."""
        given = read_given(req.params, READINESS)
        self._engine.check_met()
        stats = self._engine.stats()
        if given[_WRITES] and stats.writes is not Writes.READY:
            detail = _WANTING[stats.writes]
            raise Problem(503, "not-writable", detail, {"Retry-After": RETRY_AFTER})
        resp.media = Ready(
            articles=stats.articles,
            generation=stats.generation,
            last_commit=stats.last_commit,
            writes=stats.writes,
            free_bytes=stats.free_bytes,
        )

    on_head = on_get


class StatusResource:
    """Answers in the shape of a problem, as Italian public bodies ask of their services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say that all is well, and which service this is."""
        read_given(req.params)
        self._engine.check_met()
        stats = self._engine.stats()
        resp.media = Status(
            detail=f"The service answers from {stats.articles} articles.",
            version=release(),
            articles=stats.articles,
            index_bytes=stats.bytes,
            index_format=stats.format,
            chain=stats.chain,
            generation=stats.generation,
            last_commit=stats.last_commit,
        )

    on_head = on_get


class MetricsResource:
    """Answers what all workers counted, and what the index holds, to Prometheus."""

    def __init__(self, engine: Engine, metrics: Metrics) -> None:
        self._engine = engine
        self._metrics = metrics

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Add everything up."""
        read_given(req.params)
        lines = (*self._metrics.exposition(), *self._of_index())
        resp.content_type = METRICS_TYPE
        resp.text = "\n".join(lines) + "\n"

    on_head = on_get

    def _of_index(self) -> Iterator[str]:
        stats = self._engine.stats()
        commit = datetime.fromisoformat(stats.last_commit).timestamp() if stats.last_commit else 0
        for name, meaning, value in (
            ("articles", "Articles in the index.", stats.articles),
            ("index_bytes", "Bytes of the index.", stats.bytes),
            ("index_generation", "Number of the last commit.", stats.generation),
            ("last_commit_timestamp_seconds", "When the index last changed.", commit),
        ):
            yield from heading(name, "gauge", meaning)
            yield line(name, value)
        yield from heading("build_info", "gauge", "Which Ritaglio this is.")
        yield line("build_info", 1, version=release())
