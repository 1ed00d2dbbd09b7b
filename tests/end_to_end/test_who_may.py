"""With a real gunicorn: is no key ever shown, and do all workers let in and count alike?"""

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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]
READER, WRITER = "rit_QXZlettore0123456789abcdef", "rit_QXZautrice0123456789abcdef"
WRONG, IN_ADDRESS = "rit_QXZsbagliata0123456789abc", "rit_QXZindirizzo0123456789abc"
SECRET = "QXZ"  # stands in all of them, and nowhere else


def test_the_recipe_for_a_file_of_keys_keeps_it_closed_and_the_shell_open(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    recipe, _, _ = re.search(r"```sh\n(.*)```", page, re.DOTALL)[1].partition("RITAGLIO_KEYS_FILE=")
    file = tmp_path / "keys"
    recipe = recipe.replace("/etc/ritaglio/keys", str(file)).replace("python", sys.executable)
    run = subprocess.run(
        ["sh", "-ec", f"umask 022\n{recipe}\numask"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert int(run.stdout, 8) == 0o022
    assert file.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"rit_\S+:write:redazione\n", file.read_text())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"whoosh:{tmp_path_factory.mktemp('who') / 'index'}"
    engine = open_engine(url, create=True)
    engine.write([Article(id="uno", text="La prima notizia.")])
    engine.close()
    return url


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.write_text(f"# prova\n{READER}:read:lettore\n\n{WRITER}:write:autrice\n")
    file.chmod(0o600)
    return file


class Service:
    """A service with everything it says kept in files."""

    def __init__(self, process: subprocess.Popen[str], port: int, folder: Path) -> None:
        self.process = process
        self.port = port
        self.out, self.err = folder / "out", folder / "err"

    def said(self) -> str:
        return self.out.read_text() + self.err.read_text()

    def ask(
        self, path: str, method: str = "GET", key: str = "", body: str = "", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        if body:
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def status(
        self, path: str, method: str = "GET", key: str = "", body: str = "", **headers: str
    ) -> int:
        return self.ask(path, method, key, body, **headers)[0].status

    def send(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(65536), b""))

    def replace_workers(self) -> None:
        """Let all workers be replaced, and wait until they are."""
        before = set(self.workers())
        self.process.send_signal(signal.SIGHUP)
        until(
            lambda: before.isdisjoint(now := self.workers()) and len(now) == len(before),
            "all workers are new",
        )

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            pytest.skip("no /proc: workers cannot be found")
        return [int(pid) for pid in children.read_text().split()]


@contextmanager
def serving(folder: Path, **environ: str) -> Iterator[Service]:
    with (
        (folder / "out").open("w") as out,
        (folder / "err").open("w") as err,
        subprocess.Popen(
            [sys.executable, "-m", "service"],
            cwd=ROOT,
            env={**os.environ, "RITAGLIO_PORT": "0", "RITAGLIO_WORKERS": "2", **environ},
            stdout=out,
            stderr=err,
            text=True,
        ) as process,
    ):
        service = Service(process, 0, folder)
        try:
            deadline = time.monotonic() + 60
            while (found := re.search(r"http://127\.0\.0\.1:(\d+)/", service.said())) is None:
                assert process.poll() is None, service.said()
                assert time.monotonic() < deadline, service.said()
                time.sleep(0.05)
            service.port = int(found[1])
            yield service
        finally:
            process.terminate()
            try:
                process.wait(15)
            finally:
                process.kill()


@pytest.mark.parametrize(("style", "by_file"), [("text", True), ("json", False)])
def test_a_key_right_wrong_or_in_an_address_is_never_shown(
    index: str, keys: Path, tmp_path: Path, style: str, by_file: bool
) -> None:
    where = (
        {"RITAGLIO_KEYS_FILE": str(keys)}
        if by_file
        else {"RITAGLIO_KEYS": f"{READER}:read:lettore,{WRITER}:write:autrice"}
    )
    environ = {
        "RITAGLIO_INDEX": index,
        "RITAGLIO_ACCESS_LOG": "1",
        "RITAGLIO_LOG_FORMAT": style,
        "RITAGLIO_READ_RATE": "30/hour",
        **where,
    }
    answers: list[str] = []
    with serving(tmp_path, **environ) as service:

        def ask(
            path: str, method: str = "GET", key: str = "", sent: str = "", **headers: str
        ) -> int:
            answer, body = service.ask(path, method, key, sent, **headers)
            answers.append(f"{answer.getheaders()} {body.decode()}")
            return answer.status

        assert ask("/search?q=notizia", key=READER) == 200
        assert ask("/search?q=notizia", X_API_Key=READER) == 200
        assert ask("/search?q=notizia") == 401
        assert ask("/search?q=notizia", key=WRONG) == 401
        assert ask("/search?q=a&q=b", key=READER) == 400
        assert ask("/nowhere", key=WRITER) == 404
        assert ask("/search", "DELETE", WRITER) == 405
        assert ask("/search", "OPTIONS", WRITER) == 200
        for key, status in ((WRITER, 201), (WRONG, 401), (READER, 403), ("", 401)):
            assert ask(f"/articles/{style}", "PUT", key, '{"text": "Due."}') == status
            lines = {"Content-Type": "application/x-ndjson"}
            bulk = ask("/articles", "POST", key, '{"id": "tre", "text": "Tre."}\n{"a', **lines)
            assert bulk == (200 if key == WRITER else status)
        assert ask(f"/articles/due?api_key={IN_ADDRESS}", "DELETE", WRITER) == 400
        for name in ("key", "api_key", "access_token", "%61pikey"):
            assert ask(f"/search?q=a&{name}={IN_ADDRESS}", key=READER) == 400
        assert ask(f"/nowhere?key={IN_ADDRESS}") == 404
        for _ in range(30):
            last = ask("/search?q=notizia", key=READER)
        assert last == 429
        for path in ("/metrics", "/status", "/readyz", "/openapi.json", "/docs"):
            assert ask(path, key=WRITER) == 200
        for request in (  # what is no request reaches gunicorn alone
            f"GET /search?key={IN_ADDRESS} HTTP/9.9\r\nHost: a\r\n\r\n",
            f"GET /search?key={IN_ADDRESS}\r\n\r\n",
            f"GET /search?key={IN_ADDRESS} è HTTP/1.1\r\nHost: a\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization : Bearer {WRONG}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization Bearer {WRONG}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nX-API-Key: {WRONG}\x00\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n  {WRONG}\r\n\r\n",
            f"{WRONG} / HTTP/1.1\r\nHost: a\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nExpect: {WRONG}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {WRONG}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nX-API-Key: {WRONG * 300}\r\n\r\n",
            f"GET /s?key={IN_ADDRESS} HTTP/1.1\r\nHost: a\r\nSCRIPT_NAME: /{WRONG}\r\n"
            "Connection: close\r\n\r\n",
        ):
            answers.append(service.send(request.encode()).decode())
        aborted = service.workers()[0]
        os.kill(aborted, signal.SIGABRT)  # a trace, if gunicorn writes any
        until(lambda: aborted not in service.workers(), "the worker has ended")
        arguments = Path(f"/proc/{service.process.pid}/cmdline").read_text()
        shown = subprocess.run(
            [sys.executable, "-m", "service", "--show-config"],
            cwd=ROOT,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    said = service.said()
    assert said.count("/search") >= 30  # the log is on
    assert "autrice" in said
    assert len(answers) > 50
    for text in (said, arguments, shown, *answers):
        assert SECRET not in text, text[:2000]


def test_without_a_key_this_machine_writes_and_no_page_and_no_proxy(
    index: str, tmp_path: Path
) -> None:
    with serving(tmp_path, RITAGLIO_INDEX=index) as service:
        article = '{"text": "Una notizia scritta qui."}'
        strangers = (
            {"Origin": "https://evil.example"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Host": f"evil.example:{service.port}"},
            {"X_Forwarded_For": "127.0.0.1"},
            {"Forwarded": "for=127.0.0.1"},
        )
        for headers in strangers:
            assert service.status("/articles/qui", "PUT", body=article, **headers) == 403
        assert service.status("/articles/qui") == 404
        assert service.status("/articles/qui", "PUT", body=article) == 201
        own = f"http://127.0.0.1:{service.port}"
        assert service.status("/articles/qui", "DELETE", Origin=own) == 204


def test_a_refused_body_is_not_taken_for_the_next_request(
    index: str, keys: Path, tmp_path: Path
) -> None:
    hidden = "GET /status HTTP/1.1\r\nHost: a\r\n\r\n" * 2_000
    with serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys)) as service:
        for size in (100, len(hidden)):
            body = hidden[:size]
            answered = service.send(
                f"PUT /articles/qui HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n"
                f"Content-Type: application/json\r\n\r\n{body}"
                "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
            )
            statuses = re.findall(rb"^HTTP/1\.1 (\d+)", answered, re.MULTILINE)
            assert statuses[0] == b"401"
            assert statuses[1:] in ([], [b"200"])  # closed, or the request behind the body
            assert b"index_bytes" not in answered


BODILESS = (
    "GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked",
    "PUT /articles/qui HTTP/1.1\r\nContent-Length: 1000000",
    "POST /articles HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9",
    "POST /search HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000000",
)


def test_refused_heads_without_their_bodies_keep_no_load_waiting(
    index: str, keys: Path, tmp_path: Path
) -> None:
    few = {"RITAGLIO_THREADS": "4", "RITAGLIO_WORKERS": "1"}  # one of them reads long bodies
    with (
        serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys), **few) as service,
        ExitStack() as stack,
    ):
        started, refused = time.monotonic(), []
        for head in BODILESS * 5:
            client = socket.create_connection(("127.0.0.1", service.port), timeout=60)
            refused.append(stack.enter_context(client))
            client.sendall(f"{head}\r\nHost: a\r\n\r\n".encode())
        line = json.dumps({"id": "carico", "text": "neve " * 20_000})
        kind = "application/x-ndjson"
        assert service.status("/articles", "POST", WRITER, line, Content_Type=kind) == 200
        answers = [client.recv(65536) for client in refused]
        assert time.monotonic() - started < 5  # for each of them it was
    assert {answer[9:12] for answer in answers} == {b"401", b"413"}
    assert all(b"\r\nConnection: close\r\n" in answer for answer in answers)


def test_who_sends_a_long_body_that_is_refused_is_told_so(
    index: str, keys: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys)) as service:
        assert service.status("/articles/qui", "PUT", body="a" * 1_000_000) == 401


def test_start_up_says_who_may_and_warns(index: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("corta:write:breve\n")
    keys.chmod(0o644)
    with serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys)) as service:
        assert service.status("/healthz") == 200
    greeting = service.out.read_text().splitlines()
    assert greeting[2] == "Writing needs a key (1 write); reading is open to all."
    short, readable = service.err.read_text().splitlines()
    assert "The key breve has fewer than 24 characters" in short
    assert f"Others can read the keys in {keys} (mode 0644): chmod 600 {keys}." in readable


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("127.0.0.1", "Writing is open to programs on this machine, since there are no keys."),
        ("0.0.0.0", "Nobody can write over HTTP until there are keys"),
    ],
)
def test_start_up_without_keys_says_so(
    index: str, tmp_path: Path, host: str, sentence: str
) -> None:
    with serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_HOST=host) as service:
        assert service.status("/healthz") == 200
    assert service.out.read_text().splitlines()[2].startswith(sentence)
    assert service.err.read_text() == ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "RITAGLIO_KEYS_FILE cannot be read: No such file or directory: "),
        ("# none\n", "RITAGLIO_KEYS_FILE holds no key: "),
        ("rit_QXZ\n", "Line 1 of "),
    ],
)
def test_keys_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, index: str, content: str | None, sentence: str
) -> None:
    keys = tmp_path / "keys"
    if content is not None:
        keys.write_text(content)
    run = subprocess.run(
        [sys.executable, "-m", "service"],
        cwd=ROOT,
        env={**os.environ, "RITAGLIO_INDEX": index, "RITAGLIO_KEYS_FILE": str(keys)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(sentence)
    assert run.stderr.count("\n") == 1
    assert SECRET not in run.stderr


def test_a_made_key_can_be_used_at_once(index: str, tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "service", "key", "--scope", "read", "--name", "lettore"],
        cwd=ROOT,
        env={**os.environ, "RITAGLIO_KEYS": "unreadable"},  # what is wrong may be just this
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    keys = tmp_path / "keys"
    keys.touch(0o600)
    keys.write_text(made)
    with serving(tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys)) as service:
        assert service.status("/search") == 401
        assert service.status("/search", key=made.partition(":")[0]) == 200
    assert service.err.read_text() == ""


def test_a_key_taken_out_of_the_file_opens_nothing_in_any_worker(
    index: str, keys: Path, tmp_path: Path
) -> None:
    with serving(
        tmp_path, RITAGLIO_INDEX=index, RITAGLIO_KEYS_FILE=str(keys), RITAGLIO_WORKERS="4"
    ) as service:

        def statuses(key: str) -> set[int]:
            with ThreadPoolExecutor(8) as clients:
                return set(clients.map(lambda _: service.status("/search", key=key), range(80)))

        assert statuses(READER) == {200}
        keys.write_text(f"{WRITER}:write\nnuova-chiave-0123456789abcdef:read\n")
        time.sleep(1.2)
        assert statuses(READER) == {401}
        assert statuses("nuova-chiave-0123456789abcdef") == {200}
        keys.write_text("")  # half an edit: nobody is let in or shut out by it
        time.sleep(1.2)
        assert statuses(READER) == {401}
        assert statuses(WRITER) == {200}
        victim = service.workers()[0]
        os.kill(victim, signal.SIGKILL)  # its successor has never read a good file
        until(lambda: victim not in service.workers(), "the worker has ended")
        assert statuses("nobody") == {401}
        keys.write_text(f"{WRITER}:write\n{READER}:read\n")
        time.sleep(1.2)
        assert statuses(READER) == {200}
        service.replace_workers()
        assert statuses(READER) == {200}
    assert "holds no key" in service.err.read_text()


def test_four_workers_count_one_quota_and_a_death_changes_nothing(
    index: str, tmp_path: Path
) -> None:
    quota = 20  # one comes back every three minutes
    with serving(
        tmp_path,
        RITAGLIO_INDEX=index,
        RITAGLIO_READ_RATE=f"{quota}/hour",
        RITAGLIO_PROXIES="1",
        RITAGLIO_WORKERS="4",
    ) as service:

        def statuses(client: str, times: int) -> Counter[int]:
            with ThreadPoolExecutor(8) as clients:
                return Counter(
                    clients.map(
                        lambda _: service.status("/search", X_Forwarded_For=f"6.6.6.6, {client}"),
                        range(times),
                    )
                )

        assert statuses("198.51.100.1", 100) == {200: quota, 429: 100 - quota}
        assert statuses("2001:db8::1", 12) == {200: 12}
        killed = service.workers()[0]
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in service.workers(), "the worker has ended")
        assert statuses("198.51.100.1", 20) == {429: 20}
        service.replace_workers()
        assert statuses("198.51.100.1", 20) == {429: 20}
        assert statuses("2001:db8::2", 12) == {200: 8, 429: 4}
        assert statuses("198.51.100.1, unknown", 1) == {200: 1}  # the proxy itself
        assert {service.status("/healthz") for _ in range(100)} == {200}
        refused, body = service.ask("/search", X_Forwarded_For="198.51.100.1")
        assert json.loads(body)["code"] == "too-many-requests"
        assert 0 < int(refused.getheader("Retry-After") or 0) <= 180
