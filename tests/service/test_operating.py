"""Can an operator see what the service does?"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Engine
from indexer.engines.whoosh import Folder
from indexer.engines.whoosh.sections import Sections
from service.access.keys import make
from service.app import create_app
from service.logs import ACCESS, Style, configure
from service.metrics import BUCKETS, COMMIT_ARTICLES, EMPTY, REFUSED, Metrics
from service.settings import Settings
from tests.service.conftest import Local


def values(client: TestClient) -> dict[str, float]:
    lines = client.simulate_get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_metrics_count_requests_by_route_and_status(client: TestClient, engine: Engine) -> None:
    engine.write([Article(id="a", text="pace")])
    for path in ("/search?q=pace", "/search?q=guerra", "/search?q=a&q=b", "/articles/a", "/no"):
        client.simulate_get(path)
    counted = values(client)
    requests = {name: n for name, n in counted.items() if name.startswith("ritaglio_http_requests")}
    assert requests == {
        'ritaglio_http_requests_total{route="/search",status="200"}': 2,
        'ritaglio_http_requests_total{route="/search",status="400"}': 1,
        'ritaglio_http_requests_total{route="/articles/{article_id}",status="200"}': 1,
        'ritaglio_http_requests_total{route="other",status="404"}': 1,
    }
    assert counted["ritaglio_search_empty_total"] == 1
    assert counted["ritaglio_articles"] == 1
    duration = "ritaglio_http_request_duration_seconds"
    assert counted[f'{duration}_count{{route="/search"}}'] == 3
    assert counted[f'{duration}_bucket{{route="/search",le="+Inf"}}'] == 3
    assert counted[f'{duration}_sum{{route="/search"}}'] > 0


def test_metrics_are_the_text_that_prometheus_reads(client: TestClient) -> None:
    client.simulate_get("/search")
    answer = client.simulate_get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    sample = re.compile(r'ritaglio_[a-z_]+(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? [0-9.e+-]+')
    typed: set[str] = set()
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert kind in {"counter", "gauge", "histogram"}
            assert (kind == "counter") == name.endswith("_total")
            typed.add(name)
        elif not line.startswith("# HELP "):
            assert sample.fullmatch(line), line
            name = re.split("[{ ]", line)[0]
            assert name in typed or re.sub("_(bucket|sum|count)$", "", name) in typed


def test_buckets_are_cumulative_and_end_with_the_count() -> None:
    metrics = Metrics(["/search"])
    for seconds in (0.0, 0.001, 0.0011, 0.3, 99):
        metrics.observe("/search", 200, seconds)
    lines = [line for line in metrics.exposition() if "seconds_bucket{route" in line]
    reached = [int(line.rsplit(" ", 1)[1]) for line in lines]
    assert reached == [2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5]
    assert len(lines) == len(BUCKETS) + 1


def test_a_row_taken_again_goes_on_counting() -> None:
    metrics = Metrics(["/search"], rows=2)
    for row in (0, 1, 0):  # the first worker dies, another takes its row
        metrics.take(row)
        metrics.observe("/search", 200, 0.01)
        metrics.count(EMPTY)
    assert 'ritaglio_http_requests_total{route="/search",status="200"} 3' in metrics.exposition()
    assert "ritaglio_search_empty_total 3" in metrics.exposition()


def test_all_rows_are_added_up_by_label_and_bucket() -> None:
    metrics = Metrics(["/search"], rows=2)
    for row, value in enumerate((3, 2000)):
        metrics.take(row)
        metrics.count(REFUSED, "missing", value)
        metrics.measure(COMMIT_ARTICLES, value)
    lines = set(metrics.exposition())
    assert {
        'ritaglio_articles_refused_total{reason="missing"} 2003',
        'ritaglio_articles_refused_total{reason="index"} 0',
        'ritaglio_commit_articles_bucket{le="2"} 0',
        'ritaglio_commit_articles_bucket{le="4"} 1',
        'ritaglio_commit_articles_bucket{le="1024"} 1',
        'ritaglio_commit_articles_bucket{le="+Inf"} 2',
        "ritaglio_commit_articles_sum 2003",
        "ritaglio_commit_articles_count 2",
    } <= lines


def test_status_has_the_shape_of_a_problem_and_tells_the_index(
    client: TestClient, engine: Engine
) -> None:
    engine.write([Article(id="a")])
    body = client.simulate_get("/status").json
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "OK", 200)
    assert (body["articles"], body["generation"]) == (1, 1)
    assert body["version"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/status", "/metrics"])
def test_these_take_no_parameters(client: TestClient, path: str) -> None:
    assert client.simulate_get(path).status_code == 200
    assert client.simulate_get(path, query_string="verbose=1").json["code"] == "unknown-parameter"


@pytest.mark.parametrize("header", ["Request-Id", "X-Request-ID"])
def test_an_id_given_is_echoed_and_told_in_the_problem(client: TestClient, header: str) -> None:
    answer = client.simulate_get("/no", headers={header: "proxy-42"})
    assert answer.headers[header] == "proxy-42"
    assert answer.json["request_id"] == "proxy-42"


@pytest.mark.parametrize("given", ["", "a b", "<b>", "x" * 129])
def test_an_id_that_would_spoil_a_log_is_replaced(client: TestClient, given: str) -> None:
    answer = client.simulate_get("/healthz", headers={"Request-Id": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["request-id"])


@pytest.fixture
def json_logs() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], ACCESS.handlers[:], ACCESS.propagate
    yield
    root.handlers, ACCESS.handlers, ACCESS.propagate = before


@pytest.mark.parametrize("style", list(Style))
def test_a_made_key_is_in_no_log_line_wherever_it_was_pasted(
    engine: Engine, capsys: pytest.CaptureFixture[str], json_logs: None, style: Style
) -> None:
    configure(style)
    client = Local(create_app(engine, Settings(access_log=True)))
    key = make("write").partition(":")[0]
    for path in (f"/search?q={key}+pace", f"/articles/{key}", f"/search?apikye={key}"):
        client.simulate_get(path)
    logging.getLogger("service").error("%s", f"({key})", exc_info=ValueError(key))
    said = capsys.readouterr()
    assert "rit_[hidden]" in said.out
    assert "(rit_[hidden])" in said.err
    assert key not in said.out + said.err


def test_log_lines_for_programs_are_json_with_the_request(
    engine: Engine, capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    configure(Style.JSON)
    client = Local(create_app(engine, Settings(access_log=True)))
    client.simulate_get("/search", query_string="q=pace", headers={"Request-Id": "r1"})
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told.pop("ms") >= 0
    assert told.pop("message").startswith("127.0.0.1 GET /search?q=pace 200")
    assert {"time", "process"} <= told.keys()
    assert (
        told.items()
        >= {
            "level": "info",
            "request_id": "r1",
            "client": "127.0.0.1",
            "method": "GET",
            "path": "/search",
            "query": "q=pace",
            "status": 200,
        }.items()
    )


def test_an_index_that_was_changed_while_it_is_served_is_told_until_it_is_whole_again(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"whoosh:{tmp_path}", create=True)
    engine.write(
        Article(id=str(n), text=f"pace {' '.join(str(n * m) for m in range(300))}")
        for n in range(100)
    )
    client = TestClient(create_app(engine, Settings()))
    paths = ["/search?q=pace&snippets=1", *(f"/articles/{n}" for n in range(100))]
    assert {client.simulate_get(path).status_code for path in paths} == {200}
    (path,) = tmp_path.glob("*.seg")
    content = path.read_bytes()
    start, length, _ = Sections(Folder(tmp_path).open(path.name))._table["text_blocks"]
    with path.open("r+b") as file:
        for at in range(start, start + length, 97):
            file.seek(at)
            file.write(bytes([content[at] ^ 1]))
    told = [client.simulate_get(path) for path in paths]
    assert {answer.status_code for answer in told} <= {200, 503}
    told += [client.simulate_get(path) for path in ("/articles/7", "/readyz", "/status")]
    for answer in told[-3:]:
        assert (answer.status_code, answer.json["code"]) == (503, "index-unavailable")
    assert client.simulate_get("/metrics").status_code == 200
    with path.open("r+b") as file:
        file.write(content)
    for again in (*paths, "/readyz", "/status"):
        assert client.simulate_get(again).status_code == 200
    engine.close()
