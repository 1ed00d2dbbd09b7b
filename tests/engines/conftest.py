"""Every engine, empty: what a test says of `engine` holds for each of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.engines import open_engine, stored
from indexer.engines.contract import Engine
from indexer.engines.whoosh import native
from tests.engines.memory import MemoryEngine
from tests.engines.opensearch.cluster import Cluster, NoCluster, cluster


@pytest.fixture(params=["memory", "whoosh", "whoosh without kernels", "opensearch"])
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    match request.param:
        case "memory":
            engine: Engine = MemoryEngine()
        case "whoosh":
            engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
        case "opensearch":
            # To make an index takes a cluster seconds, to empty one it does not.
            url = request.getfixturevalue("opensearch_url")
            engine = open_engine(url, create=True)
            engine.delete([each.article.id for each in stored(url)])
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
def nodes() -> Iterator[Cluster]:
    """Three nodes of OpenSearch, started where Java and Maven are there."""
    try:
        with cluster() as running:
            yield running
    except NoCluster as error:
        pytest.skip(f"no OpenSearch: {error}")


@pytest.fixture(scope="session")
def opensearch(request: pytest.FixtureRequest) -> str:
    """The URL of a cluster, {} for the name of an index: what OPENSEARCH_URL says, else ours."""
    if given := os.environ.get("OPENSEARCH_URL"):
        return given
    running: Cluster = request.getfixturevalue("nodes")
    return running.url("{}", "&shards=2")


@pytest.fixture(scope="session")
def opensearch_url(opensearch: str) -> str:
    """The URL of an index that tests share."""
    return opensearch.format(f"tests-{os.getpid()}")


@pytest.fixture(scope="session")
def faults(request: pytest.FixtureRequest) -> int:
    """How many faults by chance, where every one would take too long; few in the gate."""
    return int(request.config.getoption("--faults"))
