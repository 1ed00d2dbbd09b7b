"""Does a question asked again cost a search only when the index has changed, and few bytes?"""

from __future__ import annotations

import gzip

import pytest
import zstandard
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine, Page, Query
from service.app import create_app
from service.resources.compression import negotiated
from service.settings import Settings
from tests.engines.memory import MemoryEngine

PATHS = ["/search?q=pace", "/articles/a/similar", "/search"]


@pytest.fixture
def engine() -> Engine:
    engine = MemoryEngine()
    engine.write([Article(id="a", title="Pace", text="Un piano di pace. " * 100)])
    return engine


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_same_question_to_the_same_index_is_answered_304(
    client: TestClient, path: str, method: str
) -> None:
    tag = client.simulate_get(path).headers["etag"]
    assert tag.startswith('W/"')
    again = client.simulate_request(method, path, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "accept-encoding" in again.headers["vary"].lower()


@pytest.mark.parametrize("path", PATHS)
def test_a_commit_makes_every_answer_new(client: TestClient, engine: Engine, path: str) -> None:
    tag = client.simulate_get(path).headers["etag"]
    engine.write([Article(id="b")])
    again = client.simulate_get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


def test_another_question_or_another_default_has_another_tag(engine: Engine) -> None:
    client = TestClient(create_app(engine, Settings()))
    other = TestClient(create_app(engine, Settings(page_size=5)))
    tags = [client.simulate_get(path).headers["etag"] for path in PATHS]
    tags.append(other.simulate_get(PATHS[0]).headers["etag"])
    assert len(set(tags)) == len(tags)


def test_what_is_committed_during_a_search_never_hides_behind_its_tag() -> None:
    class Slow(MemoryEngine):
        def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
            page = super().search(query, offset=offset, limit=limit)
            self.write([Article(id="late", text="pace")])
            return page

    client = TestClient(create_app(Slow(), Settings()))
    first = client.simulate_get("/search?q=pace")
    again = client.simulate_get("/search?q=pace", headers={"If-None-Match": first.headers["etag"]})
    assert (first.json["total"], again.status_code, again.json["total"]) == (0, 200, 1)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/status", "/metrics", "/articles/no"])
def test_what_is_no_answer_from_the_index_has_no_tag(client: TestClient, path: str) -> None:
    assert "etag" not in client.simulate_get(path).headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;Q=0.5, zstd;q=0.1", "gzip"),
        ("gzip; q=0", None),
        ("*", "zstd"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=many", None),
    ],
)
def test_the_encoding_is_one_that_the_client_reads(accepted: str, encoding: str | None) -> None:
    assert negotiated(accepted) == encoding


def test_a_long_answer_travels_compressed(client: TestClient) -> None:
    plain = client.simulate_get("/articles/a")
    assert "content-encoding" not in plain.headers
    for encoding, unpack in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        packed = client.simulate_get("/articles/a", headers={"Accept-Encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert packed.headers["content-length"] == str(len(packed.content))
        assert len(packed.content) < len(plain.content) / 3
        assert unpack(packed.content) == plain.content


def test_a_short_answer_stays_as_it_is(client: TestClient) -> None:
    short = client.simulate_get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers
    assert short.headers["vary"] == "Accept-Encoding"
