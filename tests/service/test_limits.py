"""Is there an end to everything that a request may ask or bring, and does it say where?

What a limit lets through is answered; one more is a 4xx that names the limit.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from falcon.testing import Result, TestClient

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Engine
from service.app import create_app
from service.limits import Limits
from service.settings import Settings
from tests.service.conftest import Local

LINES = {"Content-Type": "application/x-ndjson"}
FEW = Limits(
    query_length=40,
    query_words=4,
    query_depth=2,
    query_patterns=1,
    query_forms=3,
    offset=200,
    search_body=1_024,
    article_size=1,
    body_size=2,
)


@pytest.fixture
def few(engine: Engine) -> TestClient:
    engine.write([Article(id="a", text="neve nave nevi"), Article(id="b", text="neva nova")])
    return Local(create_app(engine, Settings(limits=FEW)))


def refused(answer: Result, status: int, code: str, limit: int) -> None:
    assert answer.status_code == status
    assert answer.json["code"] == code
    assert str(limit) in answer.json["detail"]


@pytest.mark.parametrize(
    ("within", "beyond", "code", "limit"),
    [
        ("a" * 40, "a" * 41, "query-too-long", 40),
        ("neve sole mare vento", "neve sole mare vento pioggia", "query-too-many-words", 4),
        ('"neve sole mare vento"', '"neve sole mare vento pioggia"', "query-too-many-words", 4),
        ("(neve E (sole O mare))", "(neve E (sole O (mare E re)))", "query-too-deep", 2),
        ("nev* neve", "nev* nav*", "query-too-many-patterns", 1),
        ("novo~", "neve~", "query-too-broad", 3),
    ],
)
@pytest.mark.parametrize("path", ["/search", "/search.atom", "/timeline", "/articles/a"])
def test_a_query_has_limits_that_are_named(
    few: TestClient, path: str, within: str, beyond: str, code: str, limit: int
) -> None:
    if path == "/articles/a":
        headers = {"Accept": "text/html"}
        marked = 200 if code == "query-too-broad" else 400  # no word is looked up in the index
        assert few.simulate_get(path, params={"q": within}, headers=headers).status_code == 200
        assert few.simulate_get(path, params={"q": beyond}, headers=headers).status_code == marked
    else:
        assert few.simulate_get(path, params={"q": within}).status_code == 200
        refused(few.simulate_get(path, params={"q": beyond}), 400, code, limit)


def test_wider_limits_let_more_through_everywhere(engine: Engine) -> None:
    wide = Limits(query_length=20_000, query_words=2_000, query_depth=50, query_patterns=40)
    client = Local(create_app(engine, Settings(limits=wide)))
    standard = Local(create_app(engine, Settings()))
    for q in (
        "parola " * 400 + '"' + "neve " * 300 + '"',
        " ".join(f"a{number}*" for number in range(30)),
        "(a E " * 50 + "b" + ")" * 50,
    ):
        body = json.dumps({"q": q})
        headers = {"Content-Type": "application/json"}
        assert client.simulate_post("/search", body=body, headers=headers).status_code == 200
        assert standard.simulate_post("/search", body=body, headers=headers).status_code == 400
        assert client.simulate_get("/", params={"q": q}).status_code == 200


def test_a_word_with_slips_stands_for_as_many_words_as_it_may_in_the_engine_too(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    engine.write([Article(id="a", text="neve nave nevi neva")])
    client = Local(create_app(engine, Settings(limits=replace(FEW, query_forms=3))))
    refused(client.simulate_get("/search", params={"q": "neve~"}), 400, "query-too-broad", 3)
    client = Local(create_app(engine, Settings(limits=replace(FEW, query_forms=4))))
    assert client.simulate_get("/search", params={"q": "neve~"}).json["total"] == 1
    engine.close()


def test_an_offset_has_an_end_and_a_page_too(few: TestClient) -> None:
    for path in ("/search", "/search.atom", "/"):
        assert few.simulate_get(path, params={"offset": "200"}).status_code == 200
    refused(few.simulate_get("/search?offset=201"), 400, "invalid-parameter", 200)
    refused(few.simulate_get("/search.atom?offset=201"), 400, "invalid-parameter", 200)
    assert few.simulate_get("/search?page=2&per_page=100").status_code == 200
    refused(few.simulate_get("/search?page=3&per_page=100"), 400, "invalid-parameter", 2)


def test_a_search_that_comes_as_a_body_has_an_end(few: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"q": "neve"})
    within = few.simulate_post("/search", body=body.ljust(1_024), headers=headers)
    assert within.status_code == 200
    beyond = few.simulate_post("/search", body=body.ljust(1_025), headers=headers)
    refused(beyond, 413, "body-too-long", 1_024)


def test_an_article_and_a_line_have_an_end(few: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    most = 2**20
    body = json.dumps({"text": "neve"})
    within = few.simulate_put("/articles/a", body=body.ljust(most), headers=headers)
    assert within.status_code == 200
    beyond = few.simulate_put("/articles/a", body=body.ljust(most + 1), headers=headers)
    refused(beyond, 413, "article-too-long", most)
    line = few.simulate_post("/articles", body=body.ljust(most + 1), headers=LINES)
    assert line.status_code == 400
    assert str(most) in line.json["detail"]


@pytest.mark.parametrize("pack", [False, True])
def test_a_body_of_lines_has_an_end_and_keeps_what_was_written_before(
    few: TestClient, engine: Engine, pack: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.writing.loading._LINES", 1)
    line = json.dumps({"id": "prima", "text": "neve"}) + "\n"
    blank = ("\n" * 1_000) * 2_100
    headers = dict(LINES)

    def sent(text: str) -> Result:
        content = text.encode()
        if pack:
            headers["Content-Encoding"] = "gzip"
            # Random blanks, so that it is no bomb but a long body.
            content = b"".join(
                gzip.compress(content[at : at + 4_096], 1) for at in range(0, len(content), 4_096)
            )
        return few.simulate_post("/articles", body=content, headers=headers)

    refused(sent(blank + line), 413, "body-too-long", 2 * 2**20)
    answer = sent(line + blank)
    assert answer.status_code == 200
    last = json.loads(answer.text.splitlines()[-1])
    assert (last["created"], last["code"]) == (1, "body-too-long")
    assert engine.get("prima") is not None


def test_the_description_tells_the_limits_of_this_service(few: TestClient) -> None:
    described = few.simulate_get("/openapi.json").json["paths"]["/search"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in described}
    assert schemas["q"]["maxLength"] == FEW.query_length
    assert schemas["offset"]["maximum"] == FEW.offset
    assert schemas["page"]["maximum"] == 2
