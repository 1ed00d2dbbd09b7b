"""The service over HTTP without a network: Falcon's test client on the in-memory engine."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from indexer.articles import ArticleError
from indexer.articles.reading import read_articles
from indexer.engines.contract import Decide, Engine
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine

SEEDS = Path(__file__).parents[2] / "seeds"


class Local(TestClient):
    """A client that asks as a program of this machine does: without keys it may write."""

    def simulate_request(self, *args: Any, **options: Any) -> Result:
        headers = {"Host": "127.0.0.1:8000", **(options.pop("headers", None) or {})}
        options.setdefault("remote_addr", "127.0.0.1")
        return super().simulate_request(*args, headers=headers, **options)


class Gated(MemoryEngine):
    """Commits once it is let, and counts its commits: until then others come together."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.commits = 0

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        self.entered.set()
        assert self.gate.wait(10)
        self.commits += 1
        super().change(decide, patience=patience)


@pytest.fixture
def engine() -> Engine:
    """An engine that holds nothing."""
    return MemoryEngine()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """A client of the service over *engine*."""
    return Local(create_app(engine, Settings()))


@pytest.fixture(scope="session")
def seeds() -> TestClient:
    """A client of a service that holds the five seed articles."""
    engine = MemoryEngine()
    engine.write(read_articles([SEEDS], _fail))
    return Local(create_app(engine, Settings()))


def _fail(error: ArticleError) -> None:
    raise error
