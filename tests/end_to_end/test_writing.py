"""Do writes over real sockets count in every worker, whoever dies, stops or writes as well?"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from service.cores import cores
from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]
Serve = Callable[..., "subprocess.Popen[str]"]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def index(tmp_path: Path) -> str:
    """The URL of an index that holds nothing."""
    url = f"whoosh:{tmp_path / 'index'}"
    open_engine(url, create=True).close()
    return url


@pytest.fixture
def service(serve: Serve, port: int, index: str) -> subprocess.Popen[str]:
    """A service with four workers over *index*."""
    environ = {"RITAGLIO_INDEX": index, "RITAGLIO_PORT": str(port), "RITAGLIO_WORKERS": "4"}
    command = [sys.executable, "-m", "service"]
    return serve(command, port, cwd=ROOT, env={**os.environ, **environ})


def ask(port: int, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    """Ask by a connection of its own, so that any worker may answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, JSON if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def put(port: int, name: str, text: str = "neve") -> int:
    return ask(port, "PUT", f"/articles/{name}", json.dumps({"text": text}))[0]


def text_of(port: int, name: str) -> str | None:
    status, body = ask(port, "GET", f"/articles/{name}")
    return json.loads(body)["text"] if status == 200 else None


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


def workers(process: subprocess.Popen[str]) -> list[int]:
    return children(process.pid)


class Clients:
    """Clients that write until they are told to stop, and remember what was answered for."""

    def __init__(self, port: int, number: int) -> None:
        self.port = port
        self.written: dict[str, str] = {}
        self.stale: list[str] = []
        self.statuses: set[int] = set()
        self.acknowledged = 0  # about: threads count at once
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(number)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def write_more(self, number: int) -> None:
        """Wait until so many more writes have been answered for."""
        before = self.acknowledged
        until(lambda: self.acknowledged >= before + number, "clients write")

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        turn = 0
        while not self._stopped.is_set():
            turn += 1
            name, text = f"{number}-{turn % 7}", f"neve {turn}"
            with suppress(OSError, http.client.HTTPException):  # no answer tells nothing
                status = put(self.port, name, text)
                self.statuses.add(status)
                if status in (200, 201):
                    self.written[name] = text
                    self.acknowledged += 1
                    if text_of(self.port, name) != text:
                        self.stale.append(name)
                    continue
            self.written.pop(name, None)


def check(clients: Clients, port: int) -> None:
    assert clients.written
    assert not clients.stale
    assert {name: text_of(port, name) for name in clients.written} == clients.written


def test_workers_share_commits_and_every_one_shows_every_write(
    service: subprocess.Popen[str], port: int
) -> None:
    with Clients(port, 8) as clients:
        clients.write_more(100)
    check(clients, port)
    assert clients.statuses <= {200, 201}
    found = ask(port, "GET", "/metrics")[1].decode()
    values = dict(line.split(" ") for line in found.splitlines() if "commit_articles_" in line)
    orders, commits = (
        float(values[f"ritaglio_commit_articles_{name}"]) for name in ("sum", "count")
    )
    assert orders > commits


def test_a_worker_that_is_killed_loses_no_write_that_was_answered_for(
    service: subprocess.Popen[str], port: int
) -> None:
    with Clients(port, 6) as clients:
        for _ in range(4):
            clients.write_more(20)
            os.kill(workers(service)[0], signal.SIGKILL)
    check(clients, port)
    assert clients.statuses <= {200, 201}


def test_a_stop_lets_writes_that_were_accepted_end(
    service: subprocess.Popen[str], port: int, index: str
) -> None:
    with Clients(port, 6) as clients:
        clients.write_more(20)
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) == 0
    assert clients.statuses <= {200, 201}
    engine = open_engine(index)
    for name, text in clients.written.items():
        stored = engine.get(name)
        assert stored is not None
        assert stored.article.text == text
    engine.close()


def test_the_command_line_gets_its_turn_among_clients_that_write(
    service: subprocess.Popen[str], port: int, index: str
) -> None:
    command = [sys.executable, "-m", "indexer", "add", "seeds/", "--index", index]
    with Clients(port, 8) as clients:
        clients.write_more(8)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    check(clients, port)
    assert json.loads(ask(port, "GET", "/search?q=piano+di+pace")[1])["total"] == 5


def test_a_write_waits_for_the_command_line_so_long_and_no_longer(
    service: subprocess.Popen[str], port: int, index: str
) -> None:
    engine = open_engine(index)

    def articles() -> Any:  # a load of the command line that takes its time
        yield Article(id="slow", text="neve")
        with ThreadPoolExecutor(8) as clients:
            started = time.monotonic()
            running = [
                clients.submit(ask, port, "PUT", f"/articles/{n}", '{"text": "neve"}')
                for n in range(8)
            ]
            for each in running:
                status, body = each.result()
                assert (status, json.loads(body)["code"]) == (503, "index-busy")
            assert time.monotonic() - started < 60  # it was for as long as the load takes

    engine.write(articles())
    engine.close()
    assert json.loads(ask(port, "GET", "/status")[1])["articles"] == 1
    assert put(port, "after") == 201


@contextmanager
def loading_lines(port: int, number: int) -> Iterator[Future[bytes]]:
    """Yield what will be the answer to a load of so many lines, which is under way."""
    lines = "".join(f'{{"id": "line-{n}", "text": "neve fiume {n}"}}\n' for n in range(number))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with ThreadPoolExecutor(1) as other:
        connection.request(
            "POST", "/articles", lines.encode(), {"Content-Type": "application/x-ndjson"}
        )
        yield other.submit(lambda: connection.getresponse().read())
    connection.close()


def test_a_load_of_lines_lets_single_writes_in(service: subprocess.Popen[str], port: int) -> None:
    with loading_lines(port, 4_000) as loading:
        among = 0
        while not loading.done():
            # On a busy machine a batch may take longer than a write waits.
            status = put(port, f"single-{among}")
            assert status in (201, 503)
            among += status == 201 and not loading.done()
    assert among > 1
    assert json.loads(loading.result().splitlines()[-1])["created"] == 4_000


def helpers(process: subprocess.Popen[str]) -> list[int]:
    with suppress(OSError):  # a worker has just ended
        return [helper for worker in workers(process) for helper in children(worker)]
    return []


def gone(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"  # of an orphan nobody may ask what became


EXPECTED = min(cores(), 3) - 1
with_helpers = pytest.mark.skipif(not EXPECTED, reason="there is one processor, and no helper")


@with_helpers
def test_a_load_is_whole_though_the_helper_of_who_commits_is_killed(
    service: subprocess.Popen[str], port: int
) -> None:
    until(lambda: len(helpers(service)) == EXPECTED, "helpers are there")
    with loading_lines(port, 30_000) as loading:
        until(lambda: json.loads(ask(port, "GET", "/status")[1])["articles"] > 0, "lines are there")
        assert not loading.done()
        for helper in helpers(service):
            os.kill(helper, signal.SIGKILL)
        assert json.loads(loading.result().splitlines()[-1])["created"] == 30_000
    assert json.loads(ask(port, "GET", "/search?q=fiumi")[1])["total"] == 30_000
    assert put(port, "after") == 201


@with_helpers
def test_no_helper_outlives_who_commits_or_the_service(service: subprocess.Popen[str]) -> None:
    until(lambda: len(helpers(service)) == EXPECTED, "helpers are there")
    first = helpers(service)
    (committer,) = (worker for worker in workers(service) if children(worker))
    os.kill(committer, signal.SIGKILL)
    until(lambda: all(map(gone, first)), "they are gone with it")
    until(lambda: len(helpers(service)) == EXPECTED, "another one has its own")
    left = helpers(service)
    service.send_signal(signal.SIGTERM)
    assert service.wait(60) == 0
    until(lambda: all(map(gone, left)), "no helper is left")
