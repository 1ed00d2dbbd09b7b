"""Full pages over HTTP: our service as it is run, and a Falcon route that does nothing beside it.

Both stand under the same gunicorn settings; the client is on the same machine. What the
empty route reaches is what Python, gunicorn and the client leave to us.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.speed.clients import ask
from benchmarks.speed.corpus import ROOT
from benchmarks.speed.memory import Memory, children, memory_of
from benchmarks.speed.questions import Drawing, Kind
from benchmarks.speed.seat import Seat
from benchmarks.speed.series import Gathering

SECTION = "Over HTTP"
CONNECTIONS = (1, 2, 4, 8)
SERVED = 20_000
"""Articles at which one worker is held against another engine's page without HTTP."""
_PATHS = 1_000  # different ones per second, so that none comes twice
_READY = 30.0  # seconds
_PAGES = 100  # of another engine, in each turn


@dataclass(frozen=True, slots=True)
class Client:
    """Asks pages drawn from *drawing* for *seconds* at each number of connections."""

    drawing: Drawing
    seconds: int
    folder: Path
    figures: Gathering

    def measure(self, index: Path, articles: int, workers: int) -> None:
        """Ask the service over *index*, then the empty route, with *workers* processes each."""
        row = f"{articles:,} articles, {workers} worker{'s' if workers > 1 else ''}"
        with served("service", workers, f"whoosh://{index.absolute()}") as (address, pid):
            for connections in CONNECTIONS:
                self._draw()
                self._ask(address, connections, f"{row}, {connections} conn.", "ours")
            largest = max(map(memory_of, children(pid)), default=Memory(0, 0))
            for measure, size in (("private", largest.private), ("mapped", largest.mapped)):
                self.figures.add(SECTION, f"{row}, a worker", measure, "MiB", "ours", [size])
        with served("benchmarks.speed.empty", workers, "") as (address, _):
            for connections in CONNECTIONS:
                self._ask(address, connections, f"{row}, {connections} conn.", "empty route")

    def measure_in_turn(self, index: Path, other: Seat, articles: int, rounds: int) -> None:
        """Ask pages of the service over *index* and of *other*, in its own process, by turns."""
        row = page_in_turn(articles)
        with served("service", 1, f"whoosh://{index.absolute()}") as (address, _):
            for _ in range(rounds):
                self._draw()
                met = ask(address, self._paths, 1, self.seconds)
                self.figures.add(SECTION, row, "median", "ms", "ours", [met.p50])
                asked = other.ask(self.drawing.draw(Kind.PAGE, _PAGES))
                wall = statistics.median(each.cost.wall for each in asked)
                self.figures.add(SECTION, row, "median", "ms", other.name, [wall * 1000])

    @property
    def _paths(self) -> Path:
        return self.folder / "paths"

    def _draw(self) -> None:
        asked = self.drawing.draw(Kind.PAGE, _PATHS * self.seconds)
        lines = (f"/search?{urlencode({'q': each.text})}\n" for each in asked)
        self._paths.write_text("".join(lines), encoding="utf-8")

    def _ask(self, address: str, connections: int, row: str, engine: str) -> None:
        met = ask(address, self._paths, connections, self.seconds)
        for measure, unit, value in (
            ("throughput", "pages/s", met.requests / met.seconds),
            ("median", "ms", met.p50),
            ("90th percentile", "ms", met.p90),
            ("99th percentile", "ms", met.p99),
        ):
            self.figures.add(SECTION, row, measure, unit, engine, [value])
        if met.failed:
            self.figures.add(SECTION, row, "failed", "requests", engine, [met.failed])


def page_in_turn(articles: int) -> str:
    """Return the row of a page over HTTP beside another engine's page without it."""
    return f"{articles:,} articles, 1 worker, 1 conn., in turn with a page without HTTP"


@contextmanager
def served(module: str, workers: int, index: str) -> Iterator[tuple[str, int]]:
    """Serve *module* on a free port while the block runs; yield its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "RITAGLIO_PORT": str(port),
        "RITAGLIO_WORKERS": str(workers),
        "RITAGLIO_INDEX": index,
    }
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", module], env=environment, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        _wait(f"{address}/readyz")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    until = time.monotonic() + _READY
    while True:
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
