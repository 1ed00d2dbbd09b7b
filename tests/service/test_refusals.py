"""Is every refusal a problem+json that says what to do?"""

from __future__ import annotations

import logging
from urllib.parse import urlencode

import pytest
from falcon.inspect import inspect_routes
from falcon.testing import Result, TestClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article
from indexer.engines.contract import (
    Engine,
    EngineError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    NoRoom,
    Page,
    Query,
    Stats,
    StoredArticle,
)
from service.app import create_app
from service.resources.search import PARAMETERS
from service.settings import Settings
from tests.engines.memory import MemoryEngine


def check_problem(answer: Result, status: int, code: str) -> str:
    """Hold *answer* against the one shape of problems; return its detail."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert list(problem) == ["type", "title", "status", "detail", "instance", "code", "request_id"]
    assert problem["request_id"] == answer.headers["request-id"]
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["title"]
    detail: str = problem["detail"]
    return detail


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=abc", "limit is a number from 1 to 100, not 'abc'."),
        ("limit=0", "limit is a number from 1 to 100, not '0'."),
        ("limit=101", "limit is a number from 1 to 100, not '101'."),
        ("limit=1_0", "limit is a number from 1 to 100, not '1_0'."),
        ("limit=%D9%A1", "limit is a number from 1 to 100, not '١'."),
        ("limit=%2B1", "limit is a number from 1 to 100, not '+1'."),
        ("limit=1.0", "limit is a number from 1 to 100, not '1.0'."),
        ("offset=-1", "offset is a number from 0 to 1000000000, not '-1'."),
        ("offset=1000000001", "offset is a number from 0 to 1000000000, not '1000000001'."),
        ("page=0", "page is a number from 1 to 10000000, not '0'."),
        ("per_page=500", "per_page is a number from 1 to 100, not '500'."),
        ("snippets=6", "snippets is a number from 0 to 5, not '6'."),
        ("snippet_length=39", "snippet_length is a number from 40 to 1000, not '39'."),
        ("sort=newest", "sort is one of relevance, mix, -date, date, title, not 'newest'."),
        ("facets=source,year", "facets is one of source, author, section, tag, not 'year'."),
        ("from=2025-11-20&to=2025-11-19", "from (2025-11-20) lies after to (2025-11-19)"),
        ("from=31/02/2025", "from is a date such as 2025-11-19"),
        ("to=mai", "not 'mai'."),
        ("cursor=**", "take it from «next» of the page before, or begin with *."),
        ("cursor=WyItZGF0ZSIsMCwiIiwiMDEiXQ==", "take it from «next»"),
        ("cursor=WyJyZWxldmFuY2UiLDAsIiIsIjAxIl0", "a walk goes by -date, date, title"),
        ("cursor=*&sort=relevance", "not by relevance, which changes while articles are written"),
        ("cursor=WyItZGF0ZSIsMCwiIiwiMDEiXQ&sort=date", "belongs to a walk by -date"),
        ("cursor=*&offset=0", "leave offset and page out"),
        ("page=1&offset=0", "page and per_page say the same as offset and limit"),
        ("per_page=5&limit=5", "page and per_page say the same as offset and limit"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(client: TestClient, query: str, detail: str) -> None:
    answer = client.simulate_get("/search", query_string=query)
    assert detail in check_problem(answer, 400, "invalid-parameter")
    assert answer.json["instance"] == "/search"


def test_a_very_long_value_is_not_repeated_whole(client: TestClient) -> None:
    answer = client.simulate_get("/search", query_string="limit=" + "9" * 5000)
    assert len(check_problem(answer, 400, "invalid-parameter")) < 150


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("limt", "did you mean limit?"),
        ("Source", "did you mean source?"),
        ("snippet_lenght", "did you mean snippet_length?"),
        ("form", "did you mean from?"),
        ("sor", "did you mean sort?"),
        ("course", "there are q, offset"),
        ("zzz", "there are q, offset"),
        ("", "there are q, offset"),
        ("è", "there are q, offset"),
        ("x" * 5000, "there are q, offset"),
    ],
)
def test_an_unknown_parameter_is_refused_with_a_suggestion(
    client: TestClient, name: str, hint: str
) -> None:
    answer = client.simulate_get("/search", query_string=urlencode({name: "1"}))
    assert hint in check_problem(answer, 400, "unknown-parameter")


def test_a_parameter_given_twice_is_refused_unless_it_is_a_filter(client: TestClient) -> None:
    answer = client.simulate_get("/search", query_string="q=a&q=b&q=c")
    assert "q is given 3 times" in check_problem(answer, 400, "repeated-parameter")
    answer = client.simulate_get("/search", query_string="source=a&source=b&tag=c&tag=d")
    assert answer.status_code == 200


@given(
    st.lists(
        st.tuples(
            st.sampled_from([parameter.name for parameter in PARAMETERS]) | st.text(max_size=5),
            st.text(max_size=40) | st.sampled_from(["1", "-date", "source", "2025", "a*", '"a b"']),
        ),
        max_size=5,
    )
)
def test_whatever_stands_behind_the_question_mark_is_answered_200_or_400(
    pairs: list[tuple[str, str]],
) -> None:
    engine = MemoryEngine()
    engine.write([Article(id="a", title="Una", text="a b c", source="1", date="2025")])
    client = TestClient(create_app(engine, Settings()))
    query = urlencode(pairs, errors="surrogatepass")
    answer = client.simulate_get("/search", query_string=query)
    assert answer.status_code in {200, 400}, answer.text
    assert answer.json


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "invalid-body"),
        ("{", 400, "invalid-body"),
        ("[]", 400, "invalid-body"),
        ('{"q": {"match": "pace"}}', 400, "invalid-parameter"),
        ('{"q": 5}', 400, "invalid-parameter"),
        ('{"limit": "5"}', 400, "invalid-parameter"),
        ('{"sort": ""}', 400, "invalid-parameter"),
        ('{"limit": 1000}', 400, "invalid-parameter"),
        ('{"limt": 5}', 400, "unknown-parameter"),
        ('{"q": ["a", "b"]}', 400, "repeated-parameter"),
        (f'{{"q": "{"a" * 70_000}"}}', 413, "body-too-long"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    client: TestClient, body: str, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    check_problem(client.simulate_post("/search", body=body, headers=headers), status, code)


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ({"limit": True}, "limit is a whole number from 1 to 100, without quotes, in JSON."),
        ({"limit": 5.5}, "limit is a whole number from 1 to 100, without quotes, in JSON."),
        ({"explain": "1"}, "explain is a whole number from 0 to 1, without quotes, in JSON."),
        ({"q": 5}, "q is a text, in quotes in JSON."),
        ({"source": [None]}, "source is a text, in quotes, or an array of texts, in JSON."),
        ({"zzz": {}}, "There is no parameter 'zzz'"),
        ({"zzz": None}, "There is no parameter 'zzz'"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(
    client: TestClient, parameters: dict[str, object], detail: str
) -> None:
    answer = client.simulate_post("/search", json={"q": "pace"} | parameters)
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(detail)


def test_a_body_is_json_and_says_so(client: TestClient) -> None:
    answer = client.simulate_post("/search", body="q=pace", content_type="text/plain")
    assert "application/json" in check_problem(answer, 415, "not-json")


def test_parameters_stand_in_the_body_or_in_the_address(client: TestClient) -> None:
    answer = client.simulate_post("/search", json={}, query_string="q=pace")
    assert "Send q in the body" in check_problem(answer, 400, "unknown-parameter")
    answer = client.simulate_post("/search", json={}, query_string="foo=1")
    assert "none here" in check_problem(answer, 400, "unknown-parameter")


def test_a_query_beyond_a_limit_is_refused_with_the_limit(client: TestClient) -> None:
    answer = client.simulate_get("/search", query_string=urlencode({"q": "parola " * 1000}))
    assert "2000" in check_problem(answer, 400, "query-too-long")


def test_a_misspelt_word_that_stands_for_too_many_words_is_refused(
    client: TestClient, engine: Engine
) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    text = " ".join(f"parola{one}{other}" for one in letters for other in letters)
    engine.write([Article(id="a", text=text)])
    for path in ("/search", "/search.atom", "/timeline"):
        answer = client.simulate_get(path, query_string="q=parola~2")
        assert "parola" in check_problem(answer, 400, "query-too-broad")


@pytest.mark.parametrize("path", ["/serch", "/search/", "/article", "/articles/a/b", "/è"])
def test_an_unknown_path_names_those_that_there_are(client: TestClient, path: str) -> None:
    detail = check_problem(client.simulate_get(path), 404, "path-not-found")
    for route in inspect_routes(client.app):
        assert route.path.replace("article_id", "id") in detail


def test_an_unknown_article_is_a_404(client: TestClient) -> None:
    answer = client.simulate_get("/articles/no%20such")
    check_problem(answer, 404, "article-not-found")
    assert answer.json["instance"] == "/articles/no%20such"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/search", "/articles/a/similar", "/healthz", "/readyz"])
def test_another_method_is_refused_with_those_allowed(
    client: TestClient, method: str, path: str
) -> None:
    answer = client.simulate_request(method, path)
    assert method in check_problem(answer, 405, "method-not-allowed")
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")  # the test client's own check
def test_a_method_that_nobody_knows_is_refused(client: TestClient) -> None:
    check_problem(client.simulate_request("FOO", "/search"), 400, "bad-request")


def test_a_body_that_nobody_reads_is_refused(client: TestClient) -> None:
    answer = client.simulate_request("GET", "/search", body='{"query": {}}')
    assert "question mark" in check_problem(answer, 413, "unexpected-body")


class BrokenEngine(MemoryEngine):
    """An engine whose index has gone: every question raises *error*."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        raise self.error

    def get(self, article_id: str) -> StoredArticle | None:
        raise self.error

    def stats(self) -> Stats:
        raise self.error


@pytest.mark.parametrize("path", ["/search", "/articles/a", "/readyz"])
@pytest.mark.parametrize(
    ("kind", "status", "code", "told"),
    [
        (EngineError, 503, "index-unavailable", "the log of the service tells why"),
        (IndexMissing, 503, "index-unavailable", "has to make one"),
        (IndexOutdated, 503, "index-unavailable", "python -m indexer rebuild"),
        (IndexDamaged, 503, "index-unavailable", "damaged: the log"),
        (IndexBusy, 503, "index-busy", "try again soon"),
        (NoRoom, 507, "no-room", "nothing was changed"),
    ],
)
def test_an_index_that_cannot_answer_says_what_to_do_and_the_log_tells_where(
    path: str,
    kind: type[EngineError],
    status: int,
    code: str,
    told: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = TestClient(create_app(BrokenEngine(kind("/var/index is no good")), Settings()))
    with caplog.at_level(logging.ERROR):
        answer = client.simulate_get(path)
    assert told in check_problem(answer, status, code)
    assert int(answer.headers["retry-after"]) > 0
    assert "/var/index" not in answer.text
    assert "/var/index is no good" in caplog.text


def test_the_process_is_alive_even_when_the_index_is_not() -> None:
    client = TestClient(create_app(BrokenEngine(EngineError("gone")), Settings()))
    assert client.simulate_get("/healthz").status_code == 200


def test_a_fault_of_ours_is_logged_and_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(create_app(BrokenEngine(RuntimeError("secret")), Settings()))
    with caplog.at_level(logging.ERROR):
        answer = client.simulate_get("/search", query_string="q=pace")
    check_problem(answer, 500, "internal-error")
    assert "secret" not in answer.text
    assert "RuntimeError: secret" in caplog.text
    assert "Traceback" in caplog.text
