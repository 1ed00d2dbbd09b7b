"""Every engine, empty: what a test says of `engine` holds for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.engines import open_engine
from indexer.engines.contract import Engine
from indexer.engines.whoosh import native
from tests.engines.memory import MemoryEngine


@pytest.fixture(params=["memory", "whoosh", "whoosh without kernels"])
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    match request.param:
        case "memory":
            engine: Engine = MemoryEngine()
        case "whoosh":
            engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
        case _:
            monkeypatch.setattr(native, "library", lambda: None)
            engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    yield engine
    engine.close()


@pytest.fixture(params=["kernels", "numpy"], scope="module")
def arithmetic(request: pytest.FixtureRequest) -> Iterator[None]:
    """Search with the kernels, then without."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(native, "library", lambda: None)
        elif native.library() is None:
            pytest.skip("there was no C compiler")
        yield


@pytest.fixture(scope="session")
def faults(request: pytest.FixtureRequest) -> int:
    """How many faults by chance, where every one would take too long; few in the gate."""
    return int(request.config.getoption("--faults"))
