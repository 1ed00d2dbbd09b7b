"""Does a cluster that loses a node lose articles, answer wrongly, or stay away for long?"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from indexer import engines
from indexer.articles import Article
from indexer.engines.contract import Engine, EngineError, Query
from tests.engines.asking import found, word
from tests.engines.opensearch.cluster import Cluster

ENOUGH = 15  # acknowledged writes before the node dies, and after
PATIENCE = 120.0  # seconds; an ordinary machine needs ten


@pytest.fixture
def engine(nodes: Cluster) -> Iterator[Engine]:
    """An index with a second copy of everything, on nodes that are all there again in the end."""
    url = nodes.url(f"lost-{os.getpid()}-{time.monotonic_ns()}", "&shards=3&replicas=1&timeout=5")
    engine = engines.open_engine(url, create=True)
    nodes.wait(3)
    yield engine
    engine.close()
    for number in range(3):
        if not nodes.alive(number):
            nodes.start(number)
    nodes.wait(3)


class Load:
    """Writes and reads, one after the other on a thread each, and what came of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._over = threading.Event()
        self.acknowledged: list[str] = []
        self.wrong: list[str] = []
        self.read = 0
        self._threads = [threading.Thread(target=each) for each in (self._write, self._read)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait(self, writes: int, reads: int) -> None:
        """Wait until there were so many more of both."""
        writes, reads = len(self.acknowledged) + writes, self.read + reads
        until = time.monotonic() + PATIENCE
        while len(self.acknowledged) < writes or self.read < reads:
            assert time.monotonic() < until, "the cluster stays away"
            time.sleep(0.05)

    def _write(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            try:
                self._engine.write([Article(id=f"{number:05}", text="neve")])
            except EngineError:
                continue
            self.acknowledged.append(f"{number:05}")

    def _read(self) -> None:
        while not self._over.is_set():
            before = len(self.acknowledged)
            try:
                total = self._engine.search(Query(word("neve"))).total
            except EngineError:
                continue
            self.read += 1
            if total < before:
                self.wrong.append(f"{total} where {before} had been acknowledged")


def test_a_killed_node_takes_no_acknowledged_write_with_it(engine: Engine, nodes: Cluster) -> None:
    with Load(engine) as load:
        load.wait(ENOUGH, ENOUGH)
        nodes.kill(0)
        load.wait(ENOUGH, ENOUGH)
    assert load.wrong == []
    there = found(engine, word("neve"))
    assert set(load.acknowledged) <= there
    assert all(engine.get(name) for name in load.acknowledged)
