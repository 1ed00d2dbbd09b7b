"""Does GET /articles/{id} bring the whole article, and /healthz and /readyz tell how it stands?"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine, Stats, Writes
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine

WHOLE = Article(
    id="uno",
    title="Il voto",
    text="È passata la legge.",
    raw="- Di ANSA\nÈ passata la legge.",
    date="2025-11",
    modified="2025-11-20T10:42:00+01:00",
    source="ANSA",
    author="Anna Verdi",
    section="Politica",
    url="https://example.org/uno",
    tags=("legge",),
    extra={"agency": {"desk": 3}, "half": 0.5},
)


def test_an_article_comes_with_all_its_fields_and_when_it_was_indexed(
    client: TestClient, engine: Engine
) -> None:
    engine.write([WHOLE])
    answer = client.simulate_get("/articles/uno")
    assert answer.headers["content-type"] == "application/json"
    body = answer.json
    assert body.pop("indexed_at").startswith("20")
    assert body == {
        "id": "uno",
        "title": "Il voto",
        "title_derived": False,
        "text": "È passata la legge.",
        "date": "2025-11",
        "modified": "2025-11-20T10:42:00+01:00",
        "source": "ANSA",
        "author": "Anna Verdi",
        "section": "Politica",
        "url": "https://example.org/uno",
        "tags": ["legge"],
        "extra": {"agency": {"desk": 3}, "half": 0.5},
    }


def test_the_text_before_cleaning_comes_only_on_request(client: TestClient, engine: Engine) -> None:
    engine.write([WHOLE])
    assert client.simulate_get("/articles/uno", query_string="raw=1").json["raw"] == WHOLE.raw
    assert "raw" not in client.simulate_get("/articles/uno", query_string="raw=0").json


@pytest.mark.parametrize("raw", ["2", "true", "yes"])
def test_raw_is_0_or_1(client: TestClient, engine: Engine, raw: str) -> None:
    engine.write([WHOLE])
    answer = client.simulate_get("/articles/uno", query_string=f"raw={raw}")
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("raw is a number from 0 to 1")


@pytest.mark.parametrize("article_id", ["è così", "a?b#c", "100%", "😀", ".", "a&b=c", "x" * 200])
def test_any_id_can_be_written_in_a_path(
    client: TestClient, engine: Engine, article_id: str
) -> None:
    engine.write([Article(id=article_id, text="ciao")])
    answer = client.simulate_get("/articles/" + quote(article_id, safe=""))
    assert answer.json["id"] == article_id


def test_head_brings_no_article(client: TestClient, engine: Engine) -> None:
    engine.write([WHOLE])
    answer = client.simulate_head("/articles/uno")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.simulate_head("/articles/due").status_code == 404


def test_a_service_that_is_ready_says_what_it_holds(client: TestClient, engine: Engine) -> None:
    before = client.simulate_get("/readyz").json
    assert before["articles"] == 0
    engine.write([WHOLE])
    body = client.simulate_get("/readyz").json
    assert list(body) == [
        "status",
        "articles",
        "generation",
        "last_commit",
        "writes",
        "free_bytes",
    ]
    assert (body["status"], body["articles"]) == ("ready", 1)
    assert body["generation"] != before["generation"]


@pytest.mark.parametrize("writes", [Writes.NO_ROOM, Writes.NOT_ALLOWED])
def test_a_service_that_cannot_write_is_ready_all_the_same_and_says_so_when_asked(
    writes: Writes,
) -> None:
    class Full(MemoryEngine):
        def stats(self) -> Stats:
            return replace(super().stats(), writes=writes)

    client = TestClient(create_app(Full(), Settings()))
    assert client.simulate_get("/readyz").json["writes"] == writes
    asked = client.simulate_get("/readyz", query_string="writes=1")
    assert (asked.status_code, asked.json["code"]) == (503, "not-writable")


def test_a_service_that_can_write_says_so_when_asked(client: TestClient) -> None:
    answer = client.simulate_get("/readyz", query_string="writes=1")
    assert (answer.status_code, answer.json["writes"]) == (200, "ready")


def test_a_service_that_lives_says_so(client: TestClient) -> None:
    assert client.simulate_get("/healthz").json == {"status": "alive"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_may_use_head(client: TestClient, path: str) -> None:
    assert client.simulate_head(path).status_code == 200
