"""Do clients that are slow, many, odd or gone leave the others alone? A real gunicorn over an
application of a few lines, and sockets that do what HTTP libraries would not."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]
APPLICATION = """
import os, time
from pathlib import Path
from tempfile import mkdtemp
from service.front.precedence import Precedence
from service.metrics import Metrics
from service.logs import Style, configure
from service.server import listen, serve
from service.settings import read_settings

def application(environ, start):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    if path == "/hang":
        time.sleep(3600)
    if path == "/sleep":
        time.sleep(float(query))
    body = b"x" * int(query) if path == "/long" else path.encode()
    if path == "/echo":
        body = environ["wsgi.input"].read()
    if path == "/pid":
        body = str(os.getpid()).encode()
    if path == "/grow":
        global kept
        kept = bytearray(b"x" * int(query))
    start("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
    return [body]

settings = read_settings()
configure(Style.TEXT)
precedence = Precedence(["/sleep"], Path(mkdtemp()), rows=16, processors=2)
listener = listen("127.0.0.1", settings.port)
serve(lambda seat: application, listener, settings, "up", Metrics(()), precedence=precedence)
"""

Front = Callable[..., int]
Serve = Callable[..., Any]


@pytest.fixture
def front(serve: Serve, port: int) -> Iterator[Front]:
    """Start a front with these settings; return its port. It must end without a trace."""
    started = []

    def start(files: int = 0, **settings: object) -> int:
        given = {f"RITAGLIO_{name.upper()}": str(value) for name, value in settings.items()}
        environ = {"RITAGLIO_WORKERS": "1", "RITAGLIO_PORT": str(port), **given}

        def few_files() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        started.append(
            serve(
                [sys.executable, "-c", APPLICATION],
                port,
                cwd=ROOT,
                env={**os.environ, **environ},
                preexec_fn=few_files if files else None,
            )
        )
        return port

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert "Traceback" not in process.communicate(timeout=20)[0]
        assert process.returncode == 0


@pytest.fixture
def clients() -> Iterator[Callable[..., socket.socket]]:
    """Connect and send; all is closed in the end."""
    with ExitStack() as stack:

        def connect(port: int, sent: bytes = b"", receive: int = 0) -> socket.socket:
            client = socket.socket()
            stack.enter_context(client)
            if receive:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            client.settimeout(10)
            client.connect(("127.0.0.1", port))
            client.sendall(sent)
            return client

        yield connect


Connect = Callable[..., socket.socket]


def get(path: str, *headers: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: a", *headers, "", "")
    return "\r\n".join(lines).encode()


def to_the_end(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65536), b""))


def answered(client: socket.socket, path: str = "/ok") -> float:
    """Ask for *path* on *client*; return the seconds until it is answered."""
    started = time.monotonic()
    client.sendall(get(path))
    assert client.recv(65536).startswith(b"HTTP/1.1 200 OK")
    return time.monotonic() - started


HEAD = b"GET /slow HTTP/1.1\r\nHost: a\r\nX: "
BODY = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\na"
LONG_BODY = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\na"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\na"
UNREAD = get("/long?5000000")
CLOSING = get("/ok", "Connection: close")
WAITED_WITH = b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.parametrize(
    "beginning",
    [b"", HEAD, BODY, LONG_BODY, CHUNKED, UNREAD, CLOSING, WAITED_WITH],
    ids=["idle", "head", "body", "long body", "chunked", "unread", "unclosed", "expecting"],
)
def test_no_thread_waits_for_slow_clients(front: Front, clients: Connect, beginning: bytes) -> None:
    port = front(threads=4)
    for _ in range(60):
        clients(port, beginning, receive=2048)
    time.sleep(0.3)
    assert max(answered(clients(port)) for _ in range(20)) < 10  # it was 15, and more


@pytest.mark.parametrize(("beginning", "answer"), [(b"", b""), (HEAD, b"408"), (BODY, b"408")])
def test_a_request_that_does_not_come_in_time_is_told_so(
    front: Front, clients: Connect, beginning: bytes, answer: bytes
) -> None:
    client = clients(front(patience=1), beginning)
    started = time.monotonic()
    assert to_the_end(client)[9:12] == answer
    assert 0.5 < time.monotonic() - started < 15  # by itself it is 30 s


def test_a_client_that_drips_is_no_better(front: Front, clients: Connect) -> None:
    client = clients(front(patience=1), HEAD)
    with suppress(OSError):
        for _ in range(100):
            client.sendall(b"a")
            time.sleep(0.04)
    assert client.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_a_reader_that_does_not_read_loses_the_rest(front: Front, clients: Connect) -> None:
    client = clients(front(patience=1), get("/long?30000000"), receive=2048)
    time.sleep(8)  # nothing tells from here that the other side has closed
    with pytest.raises((ConnectionResetError, AssertionError)):
        assert len(to_the_end(client)) > 30_000_000


def test_a_reader_that_reads_gets_all_of_a_long_answer(front: Front, clients: Connect) -> None:
    client = clients(front(patience=1), get("/long?30000000", "Connection: close"), receive=65536)
    assert len(to_the_end(client).partition(b"\r\n\r\n")[2]) == 30_000_000


def test_a_request_may_come_byte_by_byte(front: Front, clients: Connect) -> None:
    client = clients(front())
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nciao"
    )
    for byte in request:
        client.sendall(bytes([byte]))
        time.sleep(0.001)
    assert to_the_end(client).endswith(b"\r\n\r\nciao")


def test_requests_in_one_packet_are_answered_in_their_order(front: Front, clients: Connect) -> None:
    echo = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n/due"
    client = clients(
        front(), get("/uno") + echo + get("/tre") + get("/quattro", "Connection: close")
    )
    assert [part[:4] for part in to_the_end(client).split(b"\r\n\r\n")[1:]] == [
        b"/uno",
        b"/due",
        b"/tre",
        b"/qua",
    ]


@pytest.mark.parametrize("length", [0, 1, 65_536, 65_537, 3_000_000])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_bodies_of_all_lengths_come_through(
    front: Front, clients: Connect, length: int, chunked: bool
) -> None:
    body = os.urandom(length)
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % length
    client = clients(
        front(), b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n\r\n" % framing
    )
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (length, body) if chunked and length else body
    client.sendall(b"0\r\n\r\n" if chunked and not length else sent)
    assert to_the_end(client).partition(b"\r\n\r\n")[2] == body


def test_a_client_that_waits_to_be_told_to_go_on_is_told(front: Front, clients: Connect) -> None:
    client = clients(front(), WAITED_WITH)
    assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(b"un pianto")
    assert client.recv(65536).endswith(b"\r\n\r\nun pianto")


@pytest.mark.parametrize(
    "head", [WAITED_WITH, LONG_BODY, CHUNKED], ids=["expecting", "long", "chunked"]
)
def test_an_answer_to_the_head_alone_waits_for_no_body(
    front: Front, clients: Connect, head: bytes
) -> None:
    client = clients(front(), head.replace(b"/echo", b"/ok"))
    client.settimeout(4)  # it was after five seconds
    answer = to_the_end(client)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\nConnection: close\r\n" in answer


def test_a_body_that_is_there_and_is_not_read_leaves_the_connection_open(
    front: Front, clients: Connect
) -> None:
    client = clients(front(), CHUNKED.replace(b"/echo", b"/ok")[:-6] + b"4\r\nneve\r\n0\r\n\r\n")
    assert b"\r\nConnection: keep-alive\r\n" in client.recv(65536)
    assert answered(client) < 10


def test_searches_under_way_keep_no_write_waiting(front: Front, clients: Connect) -> None:
    port = front(threads=2)
    searching = [clients(port, get("/sleep?6", "Connection: close")) for _ in range(4)]
    time.sleep(0.5)
    writing = clients(port, b"PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nciao")
    writing.settimeout(4)
    assert writing.recv(65536).endswith(b"\r\n\r\nciao")
    assert all(to_the_end(each).endswith(b"/sleep") for each in searching[:2])


def test_a_client_may_send_more_before_it_is_answered(front: Front, clients: Connect) -> None:
    client = clients(front(), get("/sleep?1"))
    time.sleep(0.3)
    client.sendall(get("/ok", "Connection: close"))
    assert [part[:4] for part in to_the_end(client).split(b"\r\n\r\n")[1:]] == [b"/sle", b"/ok"]


def test_long_bodies_wait_for_each_other_and_not_for_ever(front: Front, clients: Connect) -> None:
    port = front(threads=4, patience=6)  # one of them reads long bodies
    reading = clients(port, LONG_BODY)
    time.sleep(0.2)
    waiting = clients(port, LONG_BODY)
    time.sleep(0.2)
    served = clients(port)
    assert answered(served) < 5
    assert to_the_end(reading)[9:12] == b"408"
    assert to_the_end(waiting)[9:12] in (b"408", b"503")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", b"400"),  # a browser that speaks TLS
        (b"GET / HTTP/1.1\nHost: a\n", b"400"),
        (b"GET /" + b"a" * 9_000, b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: %s\r\n" % (b"a" * 8_000) * 9, b"431"),
    ],
)
def test_what_can_become_no_request_is_refused_before_it_ends(
    front: Front, clients: Connect, sent: bytes, status: bytes
) -> None:
    answer = to_the_end(clients(front(), sent))
    assert answer[9:12] == status
    assert b"application/problem+json" in answer


def test_where_all_places_are_taken_the_oldest_of_the_crowd_goes(
    front: Front, clients: Connect
) -> None:
    port = front(connections=10)
    crowd = [clients(port) for _ in range(30)]
    assert max(answered(clients(port)) for _ in range(5)) < 10
    assert to_the_end(crowd[0]) == b""
    assert answered(crowd[-1]) < 10


def test_a_worker_without_a_free_file_goes_on(front: Front, clients: Connect) -> None:
    port = front(files=40)
    crowd = [clients(port) for _ in range(60)]
    assert answered(clients(port)) < 10
    assert to_the_end(crowd[0]) == b""


def test_a_stop_answers_what_is_under_way_and_what_stands_at_the_door(
    serve: Serve, port: int, clients: Connect
) -> None:
    environ = {**os.environ, "RITAGLIO_WORKERS": "1", "RITAGLIO_PORT": str(port)}
    process = serve([sys.executable, "-c", APPLICATION], port, cwd=ROOT, env=environ)
    worker = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
    under_way = [clients(port, get("/sleep?2")) for _ in range(10)]
    slow = clients(port, HEAD)
    os.kill(worker, signal.SIGSTOP)  # so that nobody opens the door
    at_the_door = [clients(port, get("/ok")) for _ in range(10)]
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    os.kill(worker, signal.SIGCONT)
    started = time.monotonic()
    for client in (*under_way, *at_the_door):
        assert to_the_end(client).startswith(b"HTTP/1.1 200 OK")
    slow.sendall(b"\r\n\r\n")
    assert to_the_end(slow).startswith(b"HTTP/1.1 200 OK")
    assert process.wait(10) == 0
    assert time.monotonic() - started < 8


def test_a_request_that_hangs_costs_a_worker_and_nobody_else(
    front: Front, clients: Connect
) -> None:
    port = front(request_time=1, grace=2)
    hanging = clients(port, get("/hang"))
    under_way = clients(port, get("/sleep?0.9"))
    assert under_way.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert to_the_end(hanging) == b""

    def served() -> bool:
        with suppress(OSError, AssertionError):
            return answered(clients(port)) < 5
        return False

    until(served, "a worker has come in its place")


def test_a_body_that_keeps_coming_may_take_longer_than_a_request(
    front: Front, clients: Connect
) -> None:
    client = clients(front(request_time=3))
    client.sendall(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for _ in range(6):
        client.sendall(b"4\r\nneve\r\n")
        time.sleep(0.75)
    client.sendall(b"0\r\n\r\n")
    assert to_the_end(client).endswith(b"neve" * 6)


def test_a_worker_that_has_grown_too_large_is_replaced_between_requests(
    front: Front, clients: Connect
) -> None:
    port = front(memory=200)

    def worker() -> bytes:
        client = clients(port, get("/pid"))
        return client.recv(65536).rpartition(b"\r\n\r\n")[2]

    first = worker()
    under_way = clients(port, get("/sleep?6"))
    answered(clients(port), "/grow?300000000")
    assert to_the_end(under_way).startswith(b"HTTP/1.1 200 OK")
    until(lambda: worker() != first, "another worker answers")


def test_a_head_has_the_length_that_was_chosen(front: Front, clients: Connect) -> None:
    port = front(head_size=1_024)
    padding = "X-Padding: " + "x" * (1_024 - len(get("/", "X-Padding: ", "Connection: close")))
    within = clients(port, get("/", padding + "xx", "Connection: close"))
    assert to_the_end(within).startswith(b"HTTP/1.1 200 ")
    beyond = clients(port, get("/", padding + "x" * 100, "Connection: close"))
    assert b'"headers-too-large"' in to_the_end(beyond)
