"""GET /healthz and /readyz: is the process alive, can it answer searches."""

from __future__ import annotations

import falcon

from indexer.engines.contract import Engine


class AliveResource:
    """Answers as long as the process does; asks nothing of the index."""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say that the process lives."""
        resp.media = {"status": "alive"}

    on_head = on_get


class ReadyResource:
    """Answers when the index can; an EngineError tells what to do otherwise."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say what the index holds."""
        stats = self._engine.stats()
        resp.media = {
            "status": "ready",
            "articles": stats.articles,
            "generation": stats.generation,
            "last_commit": stats.last_commit,
        }

    on_head = on_get
