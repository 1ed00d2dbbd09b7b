"""Every engine, empty: what a test says of `engine` holds for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.engines.contract import Engine
from tests.engines.memory import MemoryEngine


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    match request.param:
        case "memory":
            engine: Engine = MemoryEngine()
        case "whoosh":
            engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def faults(request: pytest.FixtureRequest) -> int:
    """How many faults by chance, where every one would take too long; few in the gate."""
    return int(request.config.getoption("--faults"))
