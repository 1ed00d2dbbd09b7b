"""Does POST /articles take lines: each with its result, a bad one no reason to stop?"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from indexer.engines.contract import Decide, Engine, EngineError
from service.app import create_app
from service.limits import Limits
from service.resources import loading as resource
from service.settings import Settings
from service.writing import loading
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

LINES = {"Content-Type": "application/x-ndjson"}


def load(client: TestClient, body: str | bytes, **headers: str) -> Result:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.simulate_post("/articles", body=body, headers=LINES | named)


def told(answer: Result) -> tuple[list[Any], Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-length"] == str(len(answer.content))
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    return lines, last


def summary(**counts: int) -> dict[str, Any]:
    results = ("created", "replaced", "unchanged", "refused", "unwritten")
    numbers = {name: counts.get(name, 0) for name in results}
    return {"lines": sum(numbers.values()), **numbers, "code": None, "detail": None}


def test_every_line_has_its_result_and_the_last_one_counts(client: TestClient) -> None:
    body = '{"id": "a", "text": "uno"}\n\n{"id": "b", "text": "due"}\r\nniente\n{"id": "a"}'
    lines, last = told(load(client, body))
    assert lines[:2] == [
        {"line": 1, "id": "a", "result": "created"},
        {"line": 3, "id": "b", "result": "created"},
    ]
    assert [(each["line"], each["result"], each["code"]) for each in lines[2:]] == [
        (4, "refused", "invalid-json"),
        (5, "refused", "invalid-article"),
    ]
    assert lines[2]["detail"].startswith("No JSON")
    assert last == summary(created=2, refused=2)
    assert client.simulate_get("/search").json["total"] == 2


def test_of_two_lines_with_one_id_the_later_stays(client: TestClient) -> None:
    body = '{"id": "a", "text": "uno"}\n{"id": "a", "text": "due"}\n{"id": "a", "text": "due"}\n'
    lines, last = told(load(client, body))
    assert [each["result"] for each in lines] == ["created", "replaced", "unchanged"]
    assert last == summary(created=1, replaced=1, unchanged=1)
    assert client.simulate_get("/articles/a").json["text"] == "due"


def test_the_same_lines_again_change_nothing(client: TestClient, engine: Engine) -> None:
    body = "".join(f'{{"id": "{number}", "text": "neve"}}\n' for number in range(10))
    load(client, body)
    generation = engine.generation()
    assert told(load(client, body))[1] == summary(unchanged=10)
    assert engine.generation() == generation


@pytest.mark.parametrize("kind", ["application/ndjson", "application/jsonl; charset=utf-8"])
def test_lines_go_by_several_names(client: TestClient, kind: str) -> None:
    assert told(load(client, '{"text": "uno"}', Content_Type=kind))[1] == summary(created=1)


def test_many_lines_are_written_in_batches(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_LINES", 10)
    monkeypatch.setattr(loading, "_MOST", 10)
    monkeypatch.setattr(resource, "_IN_MEMORY", 100)
    body = "".join(f'{{"id": "{number}", "text": "neve"}}\n' for number in range(95))
    lines, last = told(load(client, body))
    assert [each["line"] for each in lines] == list(range(1, 96))
    assert last == summary(created=95)
    assert engine.generation() == 10


def test_a_long_line_is_refused_and_the_rest_is_read(
    engine: Engine,
) -> None:
    client = Local(create_app(engine, Settings(limits=Limits(article_size=1))))
    long = json.dumps({"id": "long", "text": "x" * 3_000_000})
    body = f'{{"id": "a", "text": "uno"}}\n{long}\n{{"id": "b", "text": "due"}}\n{long}'
    lines, last = told(load(client, body))
    assert [each.get("code") for each in lines] == [None, "line-too-long", None, "line-too-long"]
    assert last == summary(created=2, refused=2)


@pytest.mark.parametrize("body", ["", "\n \n", "niente", '{"id": "a"}\n[]\n'])
def test_where_no_line_is_an_article_nothing_was_done(client: TestClient, body: str) -> None:
    answer = load(client, body)
    assert (answer.status_code, answer.json["code"]) == (400, "no-article")
    assert ("line 1: " in answer.json["detail"]) is bool(body.strip())


def test_lines_may_come_packed_in_several_members(client: TestClient) -> None:
    members = (f'{{"id": "{name}", "text": "neve"}}\n'.encode() for name in "ab")
    body = b"".join(map(gzip.compress, members))
    assert told(load(client, body, Content_Encoding="gzip"))[1] == summary(created=2)


def body_of(number: int) -> bytes:
    lines = (f'{{"id": "{n}", "text": "neve {n * 7919}"}}\n' for n in range(number))
    return "".join(lines).encode()


def test_what_was_durable_before_the_body_broke_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_LINES", 100)
    packed = gzip.compress(body_of(50_000))
    lines, last = told(load(client, packed[: len(packed) * 2 // 3], Content_Encoding="gzip"))
    assert last["code"] == "invalid-gzip"
    assert "cut short" in last["detail"]
    assert 100 <= last["created"] < 50_000
    assert last["created"] == client.simulate_get("/search").json["total"]
    assert {each["result"] for each in lines[last["created"] :]} <= {"unwritten"}


def test_a_body_that_breaks_at_once_is_refused(client: TestClient) -> None:
    answer = load(client, b"{}\n", Content_Encoding="gzip")
    assert (answer.status_code, answer.json["code"]) == (400, "invalid-gzip")
    bomb = gzip.compress(b"\n" * 30_000_000)
    answer = load(client, bomb, Content_Encoding="gzip")
    assert (answer.status_code, answer.json["code"]) == (413, "body-expands-too-far")
    answer = load(client, b'{"text": "a"}', Content_Length="100")
    assert (answer.status_code, answer.json["code"]) == (400, "incomplete-body")


class Filling(MemoryEngine):
    """Has room for so many commits."""

    def __init__(self, commits: int) -> None:
        super().__init__()
        self.left = commits

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        if not self.left:
            raise EngineError("Cannot write: see that the disk has room.")
        self.left -= 1
        super().change(decide, patience=patience)


def test_when_the_disk_is_full_the_rest_is_told_as_unwritten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "_LINES", 10)
    client = Local(create_app(Filling(2), Settings()))
    lines, last = told(load(client, body_of(35)))
    assert [each["result"] for each in lines] == ["created"] * 20 + ["unwritten"] * 15
    assert [each["line"] for each in lines] == list(range(1, 36))
    assert lines[-1] == {
        "line": 35,
        "result": "unwritten",
        "code": "index-unavailable",
        "detail": None,
    }
    assert (last["created"], last["unwritten"], last["code"]) == (20, 15, "index-unavailable")
    assert "disk has room" in last["detail"]
    assert client.simulate_get("/search").json["total"] == 20


def test_when_nothing_could_be_written_it_is_a_503() -> None:
    answer = load(Local(create_app(Filling(0), Settings())), body_of(5))
    assert (answer.status_code, answer.json["code"]) == (503, "index-unavailable")
    assert int(answer.headers["retry-after"]) > 0
