"""An index of its own for each test, on the cluster that all share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest

from indexer import engines
from indexer.engines.contract import Engine

NAMES = count()


@pytest.fixture
def url(opensearch: str) -> str:
    """The URL of an index that is not there yet."""
    # One shard: to make an index takes a cluster the longer, the more there are.
    name = f"own-{os.getpid()}-{next(NAMES)}"
    return opensearch.format(name).replace("shards=2", "shards=1")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The engine over an empty index."""
    engine = engines.open_engine(url, create=True)
    yield engine
    engine.close()
