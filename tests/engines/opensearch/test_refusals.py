"""What does an operator read when a cluster refuses, and what is asked again?

A server of ours answers as OpenSearch does in states that no test can bring a cluster into.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from indexer.engines import deadline
from indexer.engines.contract import EngineError, IndexMissing, NoRoom
from indexer.engines.deadline import OutOfTime
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.bulk import Done, Item, send
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.counting import ask
from indexer.engines.opensearch.refusals import Unavailable
from indexer.engines.opensearch.several import several

Answers = list[tuple[int, Any]]


def failure(kind: str, reason: str = "") -> dict[str, Any]:
    return {"error": {"type": kind, "reason": reason, "root_cause": [{"reason": reason}]}}


@pytest.fixture
def answers() -> Answers:
    """What the server answers, one after the other, and the last for ever."""
    return []


@pytest.fixture
def connection(answers: Answers) -> Iterator[Connection]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        connection = Connection(Address((f"127.0.0.1:{server.server_port}",), "a", tls=False))
        yield connection
        connection.close()
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    ("status", "answer", "error", "remedy"),
    [
        (
            401,
            b"Unauthorized",
            EngineError,
            "password_file= or key_file= in the URL, or RITAGLIO_INDEX_PASSWORD",
        ),
        (403, failure("security_exception"), EngineError, "the user may read, write"),
        (404, failure("index_not_found_exception"), IndexMissing, "python -m indexer add PATH"),
        (
            429,
            failure(
                "cluster_block_exception",
                "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage "
                "watermark, index has read-only-allow-delete block];",
            ),
            NoRoom,
            "free some or add a node",
        ),
        (400, failure("parsing_exception", "no such field"), EngineError, "no such field"),
    ],
)
def test_a_refusal_says_what_to_do(
    connection: Connection,
    answers: Answers,
    status: int,
    answer: Any,
    error: type[EngineError],
    remedy: str,
) -> None:
    answers.append((status, answer))
    with pytest.raises(error, match=remedy):
        connection.ask("GET", "/a")


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_cluster_that_is_busy_is_asked_again(
    connection: Connection, answers: Answers, status: int
) -> None:
    answers += [(status, failure("rejected"))] * 2 + [(200, {"ok": True})]
    assert connection.ask("GET", "/a") == {"ok": True}


def test_whoever_has_no_time_left_is_not_kept_waiting(
    connection: Connection, answers: Answers
) -> None:
    answers.append((503, failure("no_shard_available", "all shards failed")))
    errors: list[BaseException] = []

    def asks() -> None:
        deadline.give(0.3)
        try:
            connection.ask("GET", "/a")
        except (OutOfTime, EngineError) as error:
            errors.append(error)

    thread = threading.Thread(target=asks)
    thread.start()
    thread.join()
    assert isinstance(errors[0], OutOfTime)
    assert errors[0].busy


def test_an_answer_without_all_shards_is_none(
    connection: Connection, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.connection.FIRST_PAUSE", 0.001)
    answers.append((200, {"responses": [{"_shards": {"failed": 1}, "hits": {}}]}))
    with pytest.raises(Unavailable, match="partial=yes in the URL"):
        ask(connection, "a", [{"size": 0}])


def test_of_a_bulk_only_what_was_refused_is_sent_again(
    connection: Connection, answers: Answers
) -> None:
    answers += [
        (
            200,
            {
                "items": [
                    {"create": {"status": 201, "result": "created"}},
                    {"create": {"status": 429, **failure("rejected")}},
                    {"create": {"status": 409, **failure("version_conflict")}},
                ]
            },
        ),
        (200, {"items": [{"create": {"status": 201, "result": "created"}}]}),
    ]
    items = [Item("create", "a", name, b"{}") for name in "xyz"]
    assert send(connection, items) == [
        Done("created"),
        Done("created"),
        Done("conflict", conflict=True),
    ]


def test_an_entry_that_no_shard_can_read_is_not_missing(
    connection: Connection, answers: Answers
) -> None:
    unread = {"docs": [{"_id": "a", **failure("no_shard_available_action_exception", "gone")}]}
    read = {"docs": [{"_id": "a", "found": True}, {"_id": "b", "found": False}]}
    answers += [(200, unread), (200, read)]
    assert several(connection, "x", "ab") == [{"_id": "a", "found": True}]
    answers[:] = [(200, unread)]
    with pytest.raises(Unavailable, match="gone"):
        several(connection, "x", "ab")
    answers[:] = [(200, {"docs": [{"_id": "a", **failure("index_not_found_exception")}]})]
    with pytest.raises(IndexMissing):
        several(connection, "x", "ab")
