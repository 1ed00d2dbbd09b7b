"""A real cluster of OpenSearch on this machine, for tests and for trying things out.

    python -m tests.engines.opensearch.cluster [NODES]     until its standard input ends
    python -m tests.engines.opensearch.cluster fetch       only see that the server is here

Maven brings the server as a library (server/pom.xml), Java runs a node of it from server/Node.java.
What was brought is kept under ~/.cache, or XDG_CACHE_HOME.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SERVER = Path(__file__).parent / "server"
POM, NODE = SERVER / "pom.xml", SERVER / "Node.java"
HEAP = "400m"
FETCHING = 420  # seconds
STARTING = 180


class NoCluster(Exception):
    """There is no cluster to be had here; the message says why."""


class Cluster:
    """Some nodes, each a process of its own."""

    def __init__(self, folder: Path, nodes: int) -> None:
        self._folder = folder
        self._class_path = class_path()
        ports = _free_ports(2 * nodes)
        self._http, self._transport = ports[:nodes], ports[nodes:]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def url(self, name: str, options: str = "") -> str:
        """Return the URL of the index *name* on all nodes."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._http)
        return f"opensearch://{hosts}/{name}?tls=no{options}"

    def start(self, number: int) -> None:
        """Start node *number*, with what it had before."""
        seeds = ",".join(f"127.0.0.1:{port}" for port in self._transport)
        settings = {
            "cluster.name": "ritaglio-tests",
            "node.name": f"node-{number}",
            "path.home": self._folder,
            "path.data": self._folder / f"data-{number}",
            "network.host": "127.0.0.1",
            "http.port": self._http[number],
            "transport.port": self._transport[number],
            "discovery.seed_hosts": seeds,
            "cluster.initial_cluster_manager_nodes": ",".join(
                f"node-{each}" for each in range(len(self._http))
            ),
            "node.processors": 2,
            # A full disk of the developer is nothing that these tests are about.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            # So small a heap is full of what is not collected yet.
            "indices.breaker.total.use_real_memory": "false",
            "action.auto_create_index": "false",
            # A dead node is noticed soon.
            "cluster.fault_detection.follower_check.interval": "500ms",
            "cluster.fault_detection.leader_check.interval": "500ms",
            "cluster.max_shards_per_node": 5_000,
            "cluster.routing.allocation.node_concurrent_recoveries": 20,
            "cluster.routing.allocation.node_initial_primaries_recoveries": 20,
        }
        with (self._folder / f"node-{number}.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [
                    "java",
                    f"-Xms{HEAP}",
                    f"-Xmx{HEAP}",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    self._class_path,
                    NODE,
                    *(f"{key}={value}" for key, value in settings.items()),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number: int) -> None:
        """End node *number* without a word of farewell."""
        process = self._processes.pop(number)
        with process:  # closes its standard input
            process.send_signal(signal.SIGKILL)

    def alive(self, number: int) -> bool:
        """Tell whether node *number* runs."""
        return number in self._processes

    def wait(self, nodes: int, status: str = "green") -> None:
        """Wait until so many *nodes* have found each other, and all copies are there."""
        until = time.monotonic() + STARTING
        path = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=5s"
        while time.monotonic() < until:
            for number, process in self._processes.items():
                if process.poll() is not None:
                    raise NoCluster(
                        f"node {number} of OpenSearch ended: {self._last_words(number)}"
                    )
                with suppress(OSError, ValueError):
                    health = self.ask(number, path)
                    if not health["timed_out"]:
                        return
            time.sleep(0.2)
        raise NoCluster(f"OpenSearch did not start in {STARTING} seconds")

    def ask(self, number: int, path: str, body: object = None, method: str = "GET") -> dict:  # type: ignore[type-arg]
        """Return what a node answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._http[number]}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            read: dict = json.load(answer)  # type: ignore[type-arg]
        return read

    def stop(self) -> None:
        """End all nodes."""
        for number in list(self._processes):
            self.kill(number)

    def _last_words(self, number: int) -> str:
        log = (self._folder / f"node-{number}.log").read_text(errors="replace")
        return log.strip()[-400:]


def class_path() -> str:
    """Return the class path of the server, brought by Maven the first time. Raise NoCluster."""
    for program in ("java", "mvn"):
        if not shutil.which(program):
            raise NoCluster(f"{program} is not installed, so there is no OpenSearch")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ritaglio-opensearch"
    listed = cache / f"{hashlib.sha256(POM.read_bytes()).hexdigest()[:16]}.classpath"
    if not listed.exists() or not all(map(os.path.exists, listed.read_text().split(":"))):
        _fetch(listed)
    return listed.read_text()


def _fetch(listed: Path) -> None:
    listed.parent.mkdir(parents=True, exist_ok=True)
    made = listed.with_suffix(f".{os.getpid()}")
    command = [
        "mvn",
        "-B",
        "-q",
        "-f",
        POM,
        "dependency:build-classpath",
        f"-Dmdep.outputFile={made}",
    ]
    try:
        subprocess.run(command, check=True, timeout=FETCHING, capture_output=True)
    except subprocess.TimeoutExpired:
        raise NoCluster(f"Maven did not bring OpenSearch in {FETCHING} seconds") from None
    except subprocess.CalledProcessError as error:
        last = error.stdout.decode(errors="replace").strip()[-300:]
        raise NoCluster(f"Maven cannot bring OpenSearch: {last}") from None
    made.replace(listed)


@contextmanager
def cluster(nodes: int = 3) -> Iterator[Cluster]:
    """Run a cluster of so many *nodes*. Raise NoCluster."""
    with tempfile.TemporaryDirectory(prefix="opensearch-", ignore_cleanup_errors=True) as folder:
        running = Cluster(Path(folder), nodes)
        try:
            for number in range(nodes):
                running.start(number)
            running.wait(nodes)
            yield running
        finally:
            running.stop()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def main() -> None:
    """Run a cluster until standard input ends."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "3"
    try:
        if asked == "fetch":
            class_path()
            return
        with cluster(int(asked)) as running:
            print(running.url("articoli"), flush=True)
            sys.stdin.read()
    except NoCluster as error:
        sys.exit(f"no OpenSearch: {error}")


if __name__ == "__main__":
    main()
