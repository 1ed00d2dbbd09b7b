"""Does PUT write, DELETE remove, POST take one article, and does a tag keep changes apart?"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from indexer.articles import Article
from indexer.articles.jsonlines import MAX_LINE
from indexer.engines.contract import Decide, Engine, EngineError, IndexBusy
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

ONE = {"title": "Il piano", "text": "Un piano di pace.", "date": "19 novembre 2025", "lingua": "it"}
JSON = {"Content-Type": "application/json"}


def put(
    client: TestClient, path: str = "/articles/a", body: object = ONE, **headers: str
) -> Result:
    written = body if isinstance(body, (str, bytes)) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.simulate_put(path, body=written, headers=JSON | named)


def code(answer: Result, status: int) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json["code"]


def counted(client: TestClient) -> dict[str, int]:
    lines = client.simulate_get("/metrics").text.splitlines()
    pairs = (line.removeprefix("ritaglio_").rsplit(" ", 1) for line in lines if line[0] != "#")
    return {name: int(float(value)) for name, value in pairs if float(value)}


def test_an_article_is_created_then_replaced_and_found_at_once(client: TestClient) -> None:
    first = put(client)
    assert first.status_code == 201
    assert (first.json["id"], first.json["result"]) == ("a", "created")
    assert client.simulate_get("/search?q=pace").json["total"] == 1
    second = put(client, body=ONE | {"text": "La guerra continua."})
    assert (second.status_code, second.json["result"]) == (200, "replaced")
    assert client.simulate_get("/search?q=pace").json["total"] == 0
    stored = client.simulate_get("/articles/a").json
    assert stored["text"] == "La guerra continua."
    assert (stored["date"], stored["extra"]) == ("2025-11-19", {"lingua": "it"})
    assert stored["indexed_at"] == second.json["indexed_at"]


def test_the_same_article_again_writes_nothing(client: TestClient, engine: Engine) -> None:
    first = put(client)
    generation = engine.generation()
    again = put(client)
    assert (again.status_code, again.json["result"]) == (200, "unchanged")
    assert again.headers["etag"] == first.headers["etag"]
    assert engine.generation() == generation


def test_what_get_answers_can_be_put_back(client: TestClient) -> None:
    put(client, body=ONE | {"raw": "<p>Un piano di pace.</p>", "modified": "boh"})
    whole = client.simulate_get("/articles/a?raw=1").json
    assert put(client, body=whole).json["result"] == "unchanged"
    put(client, "/articles/b", body=whole | {"id": "b"})
    copy = client.simulate_get("/articles/b?raw=1").json
    assert copy == whole | {"id": "b", "indexed_at": copy["indexed_at"]}


def test_the_index_is_the_same_as_from_a_file(client: TestClient, tmp_path: Any) -> None:
    from indexer.articles.reading import read_articles

    given = {"id": "x", "text": "Citt&agrave;\u00ad  chiusa.\x00\r\nOggi.", "author": ["A", "B"]}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(given), encoding="utf-8")
    other = MemoryEngine()
    other.write(read_articles([file], pytest.fail))
    put(client, "/articles/x", body=given)
    ours = client.simulate_get("/articles/x").json
    theirs = Local(create_app(other, Settings())).simulate_get("/articles/x").json
    assert ours | {"indexed_at": ""} == theirs | {"indexed_at": ""}


def test_an_article_is_deleted_once(client: TestClient) -> None:
    put(client)
    answer = client.simulate_delete("/articles/a")
    assert (answer.status_code, answer.content) == (204, b"")
    assert code(client.simulate_get("/articles/a"), 404) == "article-not-found"
    assert code(client.simulate_delete("/articles/a"), 404) == "article-not-found"


def test_a_posted_article_has_an_address_of_its_own(client: TestClient) -> None:
    made = client.simulate_post("/articles", body=json.dumps(ONE), headers=JSON)
    assert made.status_code == 201
    assert made.headers["location"] == f"/articles/{made.json['id']}"
    assert client.simulate_get(made.headers["location"]).json["title"] == "Il piano"
    again = client.simulate_post("/articles", body=json.dumps(ONE), headers=JSON)
    assert (again.status_code, again.json["id"]) == (200, made.json["id"])
    named = json.dumps(ONE | {"id": "è qui?"})
    answer = client.simulate_post("/articles", body=named, headers=JSON)
    assert answer.headers["location"] == "/articles/%C3%A8%20qui%3F"


# Tags.


@pytest.fixture
def tag(client: TestClient) -> str:
    """The tag of the article «a»."""
    tag: str = put(client).headers["etag"]
    assert tag == client.simulate_get("/articles/a").headers["etag"]
    assert tag.startswith('"')
    return tag


def test_the_tag_changes_with_the_article_alone(client: TestClient, tag: str) -> None:
    put(client, "/articles/b")
    asked = {"If-None-Match": tag}
    answer = client.simulate_get("/articles/a", headers=asked)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert client.simulate_head("/articles/a", headers=asked).status_code == 304
    put(client, body=ONE | {"tags": ["Ucraina"]})
    answer = client.simulate_get("/articles/a", headers=asked)
    assert (answer.status_code, answer.headers["etag"] != tag) == (200, True)


def test_a_change_is_refused_when_another_came_first(client: TestClient, tag: str) -> None:
    mine = put(client, body=ONE | {"text": "Mio."}, If_Match=tag)
    assert mine.status_code == 200
    late = put(client, body=ONE | {"text": "Tuo."}, If_Match=tag)
    assert code(late, 412) == "precondition-failed"
    assert late.headers["etag"] == mine.headers["etag"]
    answer = client.simulate_delete("/articles/a", headers={"If-Match": tag})
    assert code(answer, 412) == "precondition-failed"
    assert client.simulate_get("/articles/a").json["text"] == "Mio."
    gone = client.simulate_delete("/articles/a", headers={"If-Match": mine.headers["etag"]})
    assert gone.status_code == 204


@pytest.mark.parametrize(
    ("header", "value", "there", "missing"),
    [
        ("If-Match", "*", 200, 412),
        ("If-Match", '"x", {tag}', 200, 412),
        ("If-Match", '"x"', 412, 412),
        ("If-Match", "W/{tag}", 412, 412),
        ("If-None-Match", "*", 412, 201),
        ("If-None-Match", "{tag}", 412, 201),
        ("If-None-Match", "W/{tag}", 412, 201),
        ("If-None-Match", '"x"', 200, 201),
        ("If-Match", "x, {tag}", 200, 412),
        ("If-Match", "zzz", 412, 412),
        ("If-Match", '"*"', 412, 412),
        ("If-None-Match", '"*"', 200, 201),
        ("If-Match", "zz,,yy", 400, 400),
        ("If-Match", ",", 400, 400),
        ("If-Match", "", 400, 400),
        ("If-Match", '"x', 400, 400),
        ("If-None-Match", "*,*", 400, 400),
        ("If-None-Match", '"x", *', 400, 400),
    ],
)
def test_conditions_mean_what_http_says(
    client: TestClient, tag: str, header: str, value: str, there: int, missing: int
) -> None:
    asked = {header: value.format(tag=tag)}
    body = json.dumps(ONE | {"text": "Altro."})
    answer = client.simulate_put("/articles/b", body=body, headers=JSON | asked)
    assert answer.status_code == missing
    assert client.simulate_put("/articles/a", body=body, headers=JSON | asked).status_code == there


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_the_tag_of_a_packed_answer_is_another_and_serves_as_well(
    client: TestClient, encoding: str
) -> None:
    plain = put(client, body=ONE | {"text": "Un piano di pace. " * 100}).headers["etag"]
    packed = client.simulate_get("/articles/a", headers={"Accept-Encoding": encoding})
    assert packed.headers["etag"] not in (plain, "")
    asked = {"Accept-Encoding": encoding, "If-None-Match": packed.headers["etag"]}
    again = client.simulate_get("/articles/a", headers=asked)
    assert (again.status_code, again.headers["etag"]) == (304, packed.headers["etag"])
    assert put(client, If_Match=packed.headers["etag"]).status_code == 200


def test_a_condition_belongs_to_one_article(client: TestClient) -> None:
    headers = JSON | {"If-None-Match": "*"}
    answer = client.simulate_post("/articles", body=json.dumps(ONE), headers=headers)
    assert code(answer, 400) == "condition-without-article"


def test_a_condition_that_cannot_be_read_lets_nothing_through(client: TestClient, tag: str) -> None:
    headers = {"If-Match": f"{tag}, *"}
    answer = client.simulate_delete("/articles/a", headers=headers)
    assert code(answer, 400) == "invalid-condition"
    assert client.simulate_get("/articles/a").status_code == 200
    answer = client.simulate_post("/articles", body=json.dumps(ONE), headers=JSON | headers)
    assert code(answer, 400) == "condition-without-article"


def test_a_tag_with_another_ending_is_another(client: TestClient, tag: str) -> None:
    other = f'"{tag.strip(chr(34))}-foo"'
    assert put(client, body=ONE | {"text": "Mio."}, If_Match=other).status_code == 412


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (0, False), (1, 1.0), (0.0, -0.0), ([1, {"a": 0}], [True, {"a": False}])],
)
def test_what_python_takes_for_the_same_is_written_all_the_same(
    client: TestClient, one: object, other: object
) -> None:
    put(client, body=ONE | {"premium": one})
    assert put(client, body=ONE | {"premium": one}).json["result"] == "unchanged"
    assert put(client, body=ONE | {"premium": other}).json["result"] == "replaced"
    assert json.dumps(client.simulate_get("/articles/a").json["extra"]["premium"]) == json.dumps(
        other
    )


@pytest.mark.parametrize("name", [True, [], {}])
def test_an_id_is_a_string_or_a_number(client: TestClient, name: object) -> None:
    body = json.dumps(ONE | {"id": name})
    answer = client.simulate_put(f"/articles/{name}", body=body, headers=JSON)
    assert code(answer, 400) == "invalid-article"


def test_keys_in_another_order_are_the_same_article(client: TestClient) -> None:
    put(client, body=ONE | {"x": {"a": 1, "b": 2}, "y": 1})
    assert put(client, body=ONE | {"y": 1, "x": {"b": 2, "a": 1}}).json["result"] == "unchanged"


def test_a_title_that_is_changed_is_no_derived_one_any_more(client: TestClient) -> None:
    put(client, body={"text": "Inizio del testo qualunque. Seconda frase."})
    read = client.simulate_get("/articles/a?raw=1").json
    assert read["title_derived"] is True
    assert put(client, body=read).json["result"] == "unchanged"
    put(client, body=read | {"title": "Stromboliana eruzione"})
    changed = client.simulate_get("/articles/a").json
    assert (changed["title"], changed["title_derived"]) == ("Stromboliana eruzione", False)
    assert client.simulate_get("/search?q=stromboliana").json["total"] == 1


# What cannot be read.


@pytest.mark.parametrize(
    ("body", "status", "expected", "detail"),
    [
        ("", 400, "invalid-json", "No JSON"),
        ("{", 400, "invalid-json", "No JSON: Expecting property name"),
        ("[]", 400, "invalid-json", "Not an object"),
        ('"testo"', 400, "invalid-json", "Not an object"),
        (b'{"text": "citt\xe0"}', 400, "invalid-json", "Not UTF-8 at byte 15"),
        ('{"text": "x", "n": NaN}', 400, "invalid-json", "NaN is no number"),
        ('{"text": "x", "n": -Infinity}', 400, "invalid-json", "-Infinity is no number"),
        ('{"text": "x", "n": 1e999}', 400, "invalid-json", "1e999 is no number"),
        ('{"text": "x", "n": ' + "1" * 5000 + "}", 400, "invalid-json", "put it in quotes"),
        ('{"a":' * 100_000, 400, "invalid-json", "nested too deeply"),
        ('{"text": "x", "n": ' + "[" * 500 + "]" * 500 + "}", 400, "invalid-json", "too deeply"),
        ('{"text": "x", "text": "y"}', 400, "invalid-json", "The key 'text' is there twice"),
        ('{"text": "x", "n": {"a": 1, "a": 2}}', 400, "invalid-json", "'a' is there twice"),
        ('{"text": "x\x00"}', 400, "invalid-json", "Invalid control character"),
        ("{}", 400, "invalid-article", "Neither a title nor a text"),
        ('{"text": "  "}', 400, "invalid-article", "Neither a title nor a text"),
        ('{"text": ["x"]}', 400, "invalid-article", "'text' is a list, not a string"),
        ('{"text": 5}', 400, "invalid-article", "'text' is a number, not a string"),
        ('{"text": "x", "tags": [1]}', 400, "invalid-article", "'tags' holds something"),
        ('{"text": "x", "source": {"name": "y"}}', 400, "invalid-article", "'source' is an object"),
        ('{"text": "x", "date": 1.5}', 400, "invalid-article", "'date' is a number"),
        ('{"text": "x", "id": "b"}', 400, "invalid-article", "The id inside is not the one"),
        ('{"text": "x", "id": {}}', 400, "invalid-article", "The id inside is not the one"),
        ('{"text": "x", "id": ""}', 400, "invalid-article", "The id inside is not the one"),
    ],
)
def test_a_body_that_is_no_article_is_refused_with_the_reason(
    client: TestClient, body: str | bytes, status: int, expected: str, detail: str
) -> None:
    answer = put(client, body=body)
    assert code(answer, status) == expected
    assert detail in answer.json["detail"]
    assert answer.json["detail"].endswith((".", "}"))
    assert len(answer.json["detail"]) < 200
    assert client.simulate_get("/articles/a").status_code == 404


def test_what_nobody_sees_is_no_reason_to_refuse(client: TestClient) -> None:
    body = r'{"text": "Un\u0000 piano\ud800.", "k\udc00": ["\ud83d"]}'
    assert put(client, body=body).status_code == 201
    stored = client.simulate_get("/articles/a").json
    assert (stored["text"], stored["extra"]) == ("Un piano�.", {"k�": ["�"]})


@pytest.mark.parametrize(
    "name", ["a%00b", "%20a", "a%0A", "a" * 201, "%FF", "%ED%A0%80", "%E2%80%A8"]
)
def test_an_id_that_names_no_article_is_refused(client: TestClient, name: str) -> None:
    assert code(put(client, f"/articles/{name}"), 400) == "invalid-article"


def test_an_id_with_a_slash_is_no_path(client: TestClient) -> None:
    assert code(put(client, "/articles/a%2Fb"), 404) == "path-not-found"
    posted = client.simulate_post("/articles", body='{"id": "a/b", "text": "x"}', headers=JSON)
    assert code(posted, 400) == "invalid-article"


def test_an_empty_id_is_no_missing_one(client: TestClient) -> None:
    for given, status in (('""', 400), ("null", 201)):
        body = f'{{"id": {given}, "text": "x"}}'
        assert client.simulate_post("/articles", body=body, headers=JSON).status_code == status


@pytest.mark.parametrize("name", [".", ".."])
def test_an_id_that_addresses_lose_is_refused(client: TestClient, name: str) -> None:
    # «/articles/..» is «/» to every browser, and so is «/articles/%2E%2E».
    posted = client.simulate_post(
        "/articles", body=f'{{"id": "{name}", "text": "x"}}', headers=JSON
    )
    assert code(posted, 400) == "invalid-article"
    assert "neither «.» nor «..»" in posted.json["detail"]
    assert code(put(client, f"/articles/{name.replace('.', '%2E')}"), 400) == "invalid-article"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_says_of_which_type_it_is(client: TestClient, kind: str) -> None:
    answer = put(client, Content_Type=kind)
    assert code(answer, 415) == "unknown-content-type"
    assert answer.headers["accept"] == "application/json"
    answer = client.simulate_post("/articles", body="{}", headers={"Content-Type": kind})
    assert "application/x-ndjson" in answer.json["detail"]


def test_a_body_may_come_packed(client: TestClient) -> None:
    packed = gzip.compress(json.dumps(ONE).encode())
    assert put(client, body=packed, Content_Encoding="gzip").status_code == 201
    assert code(put(client, body=packed[:-3], Content_Encoding="gzip"), 400) == "invalid-gzip"
    assert code(put(client, Content_Encoding="gzip"), 400) == "invalid-gzip"
    unknown = put(client, Content_Encoding="br")
    assert code(unknown, 415) == "unknown-content-encoding"
    assert unknown.headers["accept-encoding"] == "gzip, identity"


def test_an_article_has_an_end(client: TestClient) -> None:
    long = json.dumps({"text": "x" * MAX_LINE})
    assert code(put(client, body=long), 413) == "article-too-long"
    bomb = gzip.compress(b'{"text": "' + b" " * MAX_LINE)
    assert len(bomb) < 20_000
    assert code(put(client, body=bomb, Content_Encoding="gzip"), 413) == "body-expands-too-far"


def test_a_body_that_does_not_come_whole_is_refused(client: TestClient) -> None:
    whole = json.dumps(ONE)
    answer = client.simulate_put(
        "/articles/a", body=whole, headers=JSON | {"Content-Length": str(len(whole) + 1)}
    )
    assert code(answer, 400) == "incomplete-body"


def test_parameters_are_none_of_a_write(client: TestClient) -> None:
    assert code(put(client, "/articles/a?raw=1"), 400) == "unknown-parameter"
    assert code(client.simulate_delete("/articles/a?force=1"), 400) == "unknown-parameter"
    assert code(client.simulate_delete("/articles/a", body="{}"), 413) == "unexpected-body"


# What cannot be written.


class Failing(MemoryEngine):
    """Raises *error* where it should commit."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (IndexBusy("Another program has been writing."), "index-busy"),
        (EngineError("Cannot write: see that the disk has room."), "index-unavailable"),
    ],
)
def test_what_was_not_written_is_a_503_that_says_when_to_ask_again(
    error: Exception, expected: str
) -> None:
    client = Local(create_app(Failing(error), Settings()))
    for answer in (put(client), client.simulate_delete("/articles/a")):
        assert code(answer, 503) == expected
        assert int(answer.headers["retry-after"]) > 0
    assert counted(client)['articles_refused_total{reason="index"}'] == 2
    assert counted(client)['commits_total{result="failed"}'] == 2


def test_what_becomes_of_articles_is_counted(client: TestClient) -> None:
    for _ in range(2):
        put(client)
    put(client, body=ONE | {"text": "Altro."})
    put(client, body="{")
    put(client, If_None_Match="*")
    client.simulate_delete("/articles/a")
    client.simulate_delete("/articles/a")
    found = counted(client)
    assert {
        name: found.get(f"articles_written_total{{result={name!r}}}".replace("'", '"'))
        for name in ("created", "replaced", "unchanged", "deleted")
    } == {
        "created": 1,
        "replaced": 1,
        "unchanged": 1,
        "deleted": 1,
    }
    assert {
        name: found.get(f"articles_refused_total{{reason={name!r}}}".replace("'", '"'))
        for name in ("article", "precondition", "missing", "index")
    } == {
        "article": 1,
        "precondition": 1,
        "missing": 1,
        "index": None,
    }
    assert found['commits_total{result="done"}'] == found["commit_articles_count"] == 6
    assert found["commit_articles_sum"] == 6


def test_articles_are_taken_by_the_methods_they_are_taken_by(client: TestClient) -> None:
    answer = client.simulate_get("/articles", body="{}")
    assert code(answer, 405) == "method-not-allowed"
    assert "POST" in answer.headers["allow"]
    answer = client.simulate_request("PATCH", "/articles/a")
    assert {"GET", "HEAD", "PUT", "DELETE"} <= set(answer.headers["allow"].split(", "))


def test_an_article_that_is_there_already_can_be_read_with_its_conditions(engine: Engine) -> None:
    engine.write([Article(id="a", text="Un piano.")])
    client = Local(create_app(engine, Settings()))
    tag = client.simulate_get("/articles/a").headers["etag"]
    assert put(client, If_Match=tag).status_code == 200
