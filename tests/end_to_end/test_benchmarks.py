"""Do the benchmarks do what they time, and tell what they miss?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.speed import clients, corpus
from benchmarks.speed.engines import NAMES, Contestant, load
from benchmarks.speed.over_http import served
from benchmarks.speed.questions import Drawing, Kind

COUNT = 40


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    return corpus.recombined(COUNT, tmp_path_factory.mktemp("articles"))


@pytest.fixture(params=NAMES)
def contestant(
    request: pytest.FixtureRequest, articles: corpus.Corpus, tmp_path: Path
) -> Iterator[Contestant]:
    if request.param == "tantivy":
        pytest.importorskip("tantivy", reason="tantivy is not installed")
    contestant = load(request.param, tmp_path)
    contestant.index(articles, 1)
    contestant.open()
    yield contestant
    contestant.close()


def test_every_kind_of_question_is_answered_and_a_new_article_is_seen(
    contestant: Contestant, articles: corpus.Corpus
) -> None:
    drawing = Drawing(articles.path, COUNT)
    for kind in Kind:
        answers = [contestant.prepare(question)() for question in drawing.draw(kind, 5)]
        assert any(answer.total for answer in answers), kind
        assert all(len(answer.ids) == min(10, answer.total) for answer in answers), kind
    first = next(articles.read())
    contestant.put(replace(first, id="nuovo"))
    contestant.put(replace(first, text="Cambiato."))
    assert contestant.text_of("nuovo") == first.text
    assert contestant.text_of(first.id) == "Cambiato."
    assert contestant.segments() >= 1


def test_the_empty_route_is_served_as_the_service_is() -> None:
    with served("benchmarks.speed.empty", 1, "") as (address, pid):
        assert address.startswith("http://127.0.0.1:")
        assert pid


@pytest.fixture(params=["wrk", "in Python"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "in Python":
        monkeypatch.setenv("PATH", "")
    elif not clients.has_wrk():
        pytest.skip("wrk is not installed")
    return str(request.param)


def test_either_client_asks_every_path_and_counts_what_is_no_200(
    client: str, tmp_path: Path
) -> None:
    paths = tmp_path / "paths"
    paths.write_text("/search?q=neve\n/nothing\n/search?q=citt%C3%A0\n/nothing\n")
    with served("benchmarks.speed.empty", 1, "") as (address, _):
        met = clients.ask(address, paths, connections=2, seconds=1)
    assert clients.name().startswith(client)
    assert met.requests > 20
    assert met.failed == pytest.approx(met.requests / 2, abs=3)
    assert 1 <= met.seconds < 5
    assert 0 < met.p50 <= met.p90 <= met.p99 < 1000 * met.seconds


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("speed --articles nowhere.jsonl", "there is no file nowhere.jsonl"),
        ("writing --articles nowhere.jsonl", "there is no file nowhere.jsonl"),
        ("pairs nowhere.tsv", "there is no file nowhere.tsv"),
        ("snowball nowhere.tsv", "there is no file nowhere.tsv"),
        ("snippets whoosh:nowhere README.md", "There is no index in"),
        ("pages whoosh:nowhere", "There is no index in"),
        ("relevance nowhere", "nowhere/squadit/corpus.jsonl.gz is not there"),
        ("fit nowhere", "nowhere/squadit/corpus.jsonl.gz is not there"),
        ("opensearch opensearch://127.0.0.1:9/{}?tls=no", "start the cluster"),
        ("slow_clients http://127.0.0.1:9", "Nothing answers at http://127.0.0.1:9"),
    ],
)
def test_what_a_benchmark_misses_is_told_at_once_in_a_sentence(command: str, told: str) -> None:
    name, *arguments = command.split()
    ran = run("-m", f"benchmarks.{name}", *arguments)
    assert ran.returncode > 0
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_engine_that_is_not_installed_is_told_before_anything_is_measured() -> None:
    hidden = "import sys; sys.modules['tantivy'] = None"
    ran = run(
        "-c",
        f"{hidden}; from benchmarks.speed.__main__ import main; main()",
        "--engines",
        "tantivy",
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[0].startswith("tantivy is not installed, and is left out: ")
    assert "Traceback" not in ran.stderr


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, cwd=corpus.ROOT
    )
