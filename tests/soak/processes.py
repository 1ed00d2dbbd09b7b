"""The service under test: started, asked, watched, killed."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PATIENCE = 120  # seconds for an answer: longer than a loaded machine takes


class LostError(Exception):
    """The connection broke: whether the request was carried out, nobody knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the service."""

    status: int
    body: Any


class Service:
    """A service with *workers* workers over the index at *url*, on a free port of 127.0.0.1."""

    def __init__(self, url: str, workers: int, log: Path) -> None:
        self._url = url
        self._workers = workers
        self._log = log
        self._local = threading.local()
        self.kills = 0
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environ = {
            **{name: value for name, value in os.environ.items() if "RITAGLIO" not in name},
            "RITAGLIO_INDEX": self._url,
            "RITAGLIO_PORT": "0",
            "RITAGLIO_WORKERS": str(self._workers),
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "service"],
                cwd=ROOT,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        greeting = self._process.stdout.readline() + self._process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)
        if not found:
            raise RuntimeError(f"the service does not start: {self._log.read_text()}")
        self.port = int(found[1])
        until = time.monotonic() + _PATIENCE
        while True:
            with suppress(LostError):
                if self.ask("GET", "/readyz").status == 200:
                    return
            if time.monotonic() > until:
                raise RuntimeError("the service does not get ready")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an operator does."""
        self._process.terminate()
        self._process.wait(60)
        self._close()

    def kill_all(self) -> None:
        """Kill master and workers at once."""
        self.kills += 1
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close()

    def kill_worker(self, worker: int) -> None:
        """Kill one of `workers`."""
        self.kills += 1
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)

    def _close(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers that live."""
        master = self._process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return sorted(map(int, children))

    def ask(self, method: str, path: str, body: object = None, *, lines: bool = False) -> Answer:
        """Return the answer to a request, with one try. Raise LostError."""
        content, headers = None, {}
        if body is not None:
            parts = body if lines and isinstance(body, list) else [body]
            content = "\n".join(json.dumps(part) for part in parts).encode()
            kind = "application/x-ndjson" if lines else "application/json"
            headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        connection = self._connection()
        try:
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._local.connection = None
            connection.close()
            raise LostError(f"{method} {path}: {error!r}") from error
        if "ndjson" in (answer.getheader("Content-Type") or ""):
            return Answer(answer.status, [json.loads(line) for line in read.splitlines()])
        return Answer(answer.status, json.loads(read) if read else None)

    def _connection(self) -> http.client.HTTPConnection:
        """A connection of this thread's, now and then a new one, so that all workers are asked."""
        local = self._local
        left = getattr(local, "left", 0)
        if getattr(local, "connection", None) is None or left <= 0 or local.port != self.port:
            if getattr(local, "connection", None) is not None:
                local.connection.close()
            local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
            local.port, local.left = self.port, 5
        local.left -= 1
        connection: http.client.HTTPConnection = local.connection
        return connection


@dataclass(frozen=True, slots=True)
class Size:
    """What a process holds: open files, and memory of its own in MB."""

    files: int
    memory: float


def size_of(process: int) -> Size | None:
    """Measure a process, None when it is gone."""
    try:
        files = len(list(Path(f"/proc/{process}/fd").iterdir()))
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    kilobytes = re.search(r"^Pss_Anon:\s+(\d+)", rollup, re.MULTILINE)
    return Size(files, int(kilobytes[1]) / 1e3 if kilobytes else 0)


def indexer(*arguments: str) -> subprocess.Popen[str]:
    """Start a command of the indexer."""
    return subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
