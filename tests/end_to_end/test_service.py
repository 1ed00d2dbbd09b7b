"""Does the service behave as a server should: a real gunicorn, real sockets, real signals?"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from indexer.articles import Article, ArticleError
from indexer.articles.reading import read_articles
from indexer.engines import open_engine
from service.__main__ import main
from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]
GRACE = 8  # seconds, the default of RITAGLIO_GRACE
QUERY = "/search?q=piano+di+pace"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an index that holds the seeds."""
    url = f"whoosh:{tmp_path_factory.mktemp('seeds') / 'index'}"
    engine = open_engine(url, create=True)
    engine.write(read_articles([ROOT / "seeds"], _fail))
    engine.close()
    return url


@pytest.fixture(scope="module")
def port(index: str) -> Iterator[int]:
    """The port of a service with two workers over *index*."""
    with serving(RITAGLIO_INDEX=index, RITAGLIO_WORKERS="2") as (_, port):
        yield port


def _fail(error: ArticleError) -> None:
    raise error


def command(*arguments: str, **environ: str) -> dict[str, Any]:
    return {
        "args": [sys.executable, "-m", "service", *arguments],
        "cwd": ROOT,
        "env": {**os.environ, **environ},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


@contextmanager
def serving(**environ: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A service on a free port; it is stopped at the end, and must then end well."""
    with subprocess.Popen(**command(**{"RITAGLIO_PORT": "0", **environ})) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        greeting = process.stdout.readline() + process.stdout.readline()
        address = re.search(r"curl -s 'http://127\.0\.0\.1:(\d+)/search", greeting)
        if address is None:
            process.kill()
            pytest.fail(greeting + process.stderr.read())
        try:
            yield process, int(address[1])
        finally:
            process.terminate()
            try:
                process.wait(GRACE + 5)
            finally:
                process.kill()
        assert process.returncode == 0
        assert "Traceback" not in process.stderr.read()


def ask(
    port: int, path: str = QUERY, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_the_one_liner_answers_all_five_seeds(port: int) -> None:
    answer, body = ask(port)
    assert (answer.status, answer.getheader("Content-Type")) == (200, "application/json")
    results = json.loads(body)["results"]
    assert len(results) == 5
    assert results[-1]["id"].startswith("002")
    assert all("<mark>" in result["snippets"][0]["html"] for result in results)


def test_an_interrupt_ends_it_without_a_trace(index: str) -> None:
    with serving(RITAGLIO_INDEX=index) as (process, port):
        assert ask(port)[0].status == 200
        process.send_signal(signal.SIGINT)
        process.wait(GRACE + 5)


def test_head_answers_as_get_without_the_body(port: int) -> None:
    answer, body = ask(port, "/healthz", "HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.getheader("Content-Length") == str(len(ask(port, "/healthz")[1]))


def test_a_very_long_query_is_refused_with_a_status(port: int) -> None:
    assert ask(port, "/search?q=" + "a" * 5_000)[0].status == 400
    assert ask(port, "/search?q=" + "a" * 10_000)[0].status == 414


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"nonsense\r\n\r\n", 400, "malformed-request"),
        (b"GET /\xc3\xa8 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "address-too-long"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 60 + b"\r\n", 431, "headers-too-large"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 9_000 + b"\r\n\r\n", 431, "headers-too-large"),
    ],
)
def test_what_is_no_request_is_refused_as_a_problem_too(
    port: int, request_bytes: bytes, status: int, code: str
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(request_bytes)
        head, _, body = b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["request_id"].encode() in head


def test_one_connection_serves_many_requests(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(3):
        connection.request("GET", QUERY)
        first_socket = connection.sock
        assert connection.getresponse().read()
        assert connection.sock is first_socket
    connection.close()


def test_forty_slow_clients_do_not_block_the_others(index: str) -> None:
    with (
        serving(RITAGLIO_INDEX=index, RITAGLIO_WORKERS="1") as (_, port),
        ExitStack() as slow,
    ):
        for _ in range(40):
            client = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(b"GET /search?q=pace HTTP/1.1\r\nHost:")
        for _ in range(10):
            assert ask(port)[0].status == 200


def test_term_lets_a_request_under_way_finish_and_ends_within_the_grace_time(index: str) -> None:
    with (
        serving(RITAGLIO_INDEX=index, RITAGLIO_WORKERS="2") as (process, port),
        socket.create_connection(("127.0.0.1", port), timeout=GRACE) as client,
    ):
        client.sendall(b"GET /search?q=pace HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(0.5)  # until a worker has taken it
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(b"\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b'"total":' in answer
        assert process.wait(GRACE) == 0
        assert time.monotonic() - started < GRACE


def test_every_worker_answers_from_a_new_generation_without_a_restart(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engine = open_engine(url, create=True)
    engine.write([Article(id="uno", text="La prima notizia.")])
    with serving(RITAGLIO_INDEX=url, RITAGLIO_WORKERS="2") as (_, port):

        def totals() -> set[int]:
            return {json.loads(ask(port, "/search?q=notizia")[1])["total"] for _ in range(20)}

        assert totals() == {1}
        engine.write([Article(id="due", text="La seconda notizia.")])
        assert totals() == {2}
        engine.delete(["uno", "due"])
        assert totals() == {0}
    engine.close()


def test_metrics_are_right_across_four_workers_and_survive_the_death_of_one(index: str) -> None:
    with serving(RITAGLIO_INDEX=index, RITAGLIO_WORKERS="4") as (process, port):

        def counted() -> dict[str, float]:
            lines = ask(port, "/metrics")[1].decode().splitlines()
            pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
            return {name: float(value) for name, value in pairs}

        asked = {"/search?q=pace": 60, "/search?q=zzzz": 20, "/search?limit=0": 10, "/nowhere": 7}
        with ThreadPoolExecutor(8) as clients:
            list(
                clients.map(
                    lambda path: ask(port, path), [p for p in asked for _ in range(asked[p])]
                )
            )
        expected = {
            'ritaglio_http_requests_total{route="/search",status="200"}': 80,
            'ritaglio_http_requests_total{route="/search",status="400"}': 10,
            'ritaglio_http_requests_total{route="other",status="404"}': 7,
            'ritaglio_http_request_duration_seconds_count{route="/search"}': 90,
            "ritaglio_search_empty_total": 20,
            "ritaglio_articles": 5,
        }
        assert counted().items() >= expected.items()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("no /proc: workers cannot be found")
        first = int(children.read_text().split()[0])
        os.kill(first, signal.SIGKILL)
        until(lambda: str(first) not in children.read_text().split(), "the worker has ended")
        assert counted().items() >= expected.items()


def test_a_new_generation_is_in_every_worker_within_a_second(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engine = open_engine(url, create=True)
    engine.write([Article(id="uno", text="La prima notizia.")])
    with serving(RITAGLIO_INDEX=url, RITAGLIO_WORKERS="4") as (_, port):
        tags = {ask(port)[0].getheader("ETag") for _ in range(20)}
        assert len(tags) == 1  # all workers name one state alike
        engine.write([Article(id="due", text="La seconda notizia.")])
        time.sleep(1)
        answers = [ask(port) for _ in range(40)]
        assert {json.loads(body)["total"] for _, body in answers} == {0}
        assert {answer.getheader("ETag") for answer, _ in answers}.isdisjoint(tags)
    engine.close()


def test_the_settings_can_be_shown_before_anything_is_served() -> None:
    run = subprocess.run(**command("--show-config", RITAGLIO_PORT="9000"), check=True, timeout=30)
    assert "RITAGLIO_PORT=9000  # environment\n" in run.stdout
    assert "RITAGLIO_INDEX=whoosh:var/index  # default\n" in run.stdout


def test_a_misspelt_setting_stops_the_service_with_the_right_name() -> None:
    run = subprocess.run(**command(RITAGLIO_PROT="9000"), check=False, timeout=30)
    assert run.returncode == 2
    assert run.stderr == "There is no setting RITAGLIO_PROT: did you mean RITAGLIO_PORT?\n"


def test_a_busy_port_is_one_sentence_with_the_remedy(port: int, index: str) -> None:
    again = subprocess.run(
        **command(RITAGLIO_INDEX=index, RITAGLIO_PORT=str(port)), check=False, timeout=30
    )
    assert again.returncode == 1
    assert again.stdout == ""
    assert again.stderr == (
        f"Cannot listen on 127.0.0.1:{port}: another program does. "
        f"Stop it, or choose another port: RITAGLIO_PORT={port + 1} (make run PORT={port + 1}).\n"
    )


@pytest.mark.parametrize("arguments", [[], ["search", "pace"]])
def test_a_missing_index_is_one_sentence_with_the_command_that_makes_one(
    arguments: list[str], tmp_path: Path
) -> None:
    url = f"whoosh:{tmp_path / 'nothing'}"
    run = subprocess.run(**command(*arguments, "--index", url), check=False, timeout=30)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "python -m indexer add" in run.stderr
    assert str(tmp_path / "nothing") in run.stderr
    assert not (tmp_path / "nothing").exists()


def test_an_unreadable_setting_is_one_sentence() -> None:
    run = subprocess.run(**command(RITAGLIO_PORT="http"), check=False, timeout=30)
    assert run.returncode == 2
    assert run.stderr == "RITAGLIO_PORT is a number from 0 to 65535, not 'http'.\n"


def test_a_search_from_the_terminal_prints_ranked_results(index: str) -> None:
    run = subprocess.run(
        **command("search", "piano", "di", "pace", "--limit", "2", "--index", index),
        check=True,
        timeout=30,
    )
    assert run.stdout.startswith("5 articles")
    assert re.findall(r"^\d\. ", run.stdout, re.MULTILINE) == ["1. ", "2. "]
    assert "\x1b" not in run.stdout  # a pipe is no screen


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (["-Istanbul"], "-Istanbul"),
        (["piano", "-Istanbul", "--limit", "1"], "piano -Istanbul"),
        (["--limit", "1", "-hamas", "piano"], "-hamas piano"),
        (["-hamas piano"], "-hamas piano"),
        (["--", "-Istanbul", "--"], "-Istanbul --"),
        (["-"], "-"),
    ],
)
def test_a_word_that_is_excluded_is_no_option(
    index: str, words: list[str], query: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["search", "--json", "--index", index, *words]) == 0
    assert json.loads(capsysbinary.readouterr().out)["query"] == query


def test_a_search_from_the_terminal_speaks_json_to_programs(index: str) -> None:
    run = subprocess.run(
        **command("search", '"Wall Street Journal"', "--json", RITAGLIO_INDEX=index),
        check=True,
        timeout=30,
    )
    assert json.loads(run.stdout)["total"] == 2


@pytest.mark.parametrize(
    "environ", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}]
)
def test_a_terminal_that_lacks_letters_shows_the_rest(index: str, environ: dict[str, str]) -> None:
    run = subprocess.run(**command("search", "città", "--index", index, **environ), timeout=30)
    assert (run.returncode, run.stderr) == (0, "")
    assert "citt?" in run.stdout
    asked = command("search", "città", "--json", "--index", index, **environ)
    found = subprocess.run(**{**asked, "text": False}, check=True, timeout=30).stdout
    assert "città" in found.decode()


def test_a_search_ends_quietly_when_its_reader_has_seen_enough(index: str) -> None:
    with subprocess.Popen(**command("search", "piano", "--index", index)) as run:
        assert run.stdout
        run.stdout.close()
        assert run.stderr
        assert run.stderr.read() == ""
    assert run.returncode == -signal.SIGPIPE


@pytest.mark.parametrize("arguments", [["--show-config"], ["key"]])
def test_what_is_shown_ends_quietly_when_its_reader_has_seen_enough(arguments: list[str]) -> None:
    with subprocess.Popen(**command(*arguments)) as run:
        assert run.stdout
        run.stdout.close()
        assert run.stderr
        assert run.stderr.read() == ""
    assert run.returncode == -signal.SIGPIPE


@pytest.mark.parametrize(
    "arguments", [["search", "piano"], ["search", "piano", "--json"], ["--show-config"], ["key"]]
)
def test_what_cannot_be_printed_is_told_in_a_sentence(index: str, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        asked = {**command(*arguments, RITAGLIO_INDEX=index), "stdout": full}
        run = subprocess.run(**asked, check=False, timeout=30)
    assert run.returncode == 2
    assert run.stderr == (
        "Cannot write to standard output (No space left on device): see that there is room where "
        "it leads.\n"
    )


def test_only_while_it_prints_does_a_closed_pipe_end_a_search(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGPIPE)
    assert main(["search", "piano", "--index", index]) == 0
    assert "articles" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGPIPE) == before


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_need_no_index(option: str) -> None:
    run = subprocess.run(**command(option), check=True, timeout=30)
    assert "Ritaglio" in run.stdout or "RITAGLIO" in run.stdout
