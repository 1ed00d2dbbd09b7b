"""Are the commands and the service the same, with the index on a cluster?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from urllib3 import HTTPConnectionPool

from indexer.__main__ import main
from indexer.engines.contract import Engine
from service.app import create_app
from service.settings import Settings
from tests.service.conftest import SEEDS, Local


@pytest.fixture(scope="module")
def url(opensearch: str) -> str:
    return opensearch.format(f"service-{os.getpid()}").replace("shards=2", "shards=1")


def test_the_commands_do_what_they_do_elsewhere(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main([*arguments, "--index", url])
        return status, *capsys.readouterr()

    assert run("add", str(SEEDS))[0] == 0
    status, printed, _ = run("stats")
    assert status == 0
    assert "articles     5" in printed
    assert run("rebuild")[0] == 0
    assert run("delete", "001_893e1bd431c83a89")[0] == 0
    assert "back to 5 articles" in run("rollback")[1]
    assert run("export", str(tmp_path / "all.jsonl"))[0] == 0
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8").count("\n") == 5
    for refused in (("check",), ("backup", str(tmp_path / "b")), ("restore", str(tmp_path / "b"))):
        status, _, error = run(*refused)
        assert status == 2
        assert refused[0] == "restore" or "make snapshots with OpenSearch" in error


def test_the_service_answers_and_takes_articles(engine: Engine) -> None:
    engine.delete(["nuovo"])
    client = Local(create_app(engine, Settings()))
    article = {"title": "La neve sul Po", "text": "Nevica a Torino.", "source": "ANSA"}
    assert client.simulate_put("/articles/nuovo", json=article).status_code == 201
    found = client.simulate_get("/search?q=nevi&facets=source").json
    assert [each["id"] for each in found["results"]] == ["nuovo"]
    assert found["facets"]["source"] == [{"value": "ANSA", "count": 1}]
    assert client.simulate_get("/suggest?q=nev").status_code == 200
    assert client.simulate_get("/status").status_code == 200
    assert client.simulate_get("/readyz?writes=1").json["status"] == "ready"
    assert client.simulate_delete("/articles/nuovo").status_code == 204
    assert client.simulate_get("/articles/nuovo").status_code == 404


def test_without_a_cluster_the_service_stays_up_and_says_when_to_ask_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Local(create_app(engine, Settings()))
    for host in engine._connection._hosts:  # type: ignore[attr-defined]
        monkeypatch.setattr(host, "pool", HTTPConnectionPool("127.0.0.1", 9))
    answer = client.simulate_get("/search?q=neve")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["code"] == "index-unavailable"
    assert client.simulate_get("/healthz").status_code == 200
    assert client.simulate_get("/readyz").status_code == 503
