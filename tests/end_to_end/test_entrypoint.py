"""Does the container's entry point make an index only where there is none?"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder of the two commands: the indexer writes down how it was called, and is ours."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (
        ("ritaglio-service", "echo serving"),
        ("ritaglio-indexer", f'echo "$1" >> {tmp_path}/calls; {sys.executable} -m indexer "$@"'),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def start(url: str, commands: Path, environment: dict[str, str]) -> str:
    run = subprocess.run(
        ["sh", ROOT / "docker-entrypoint.sh", "ritaglio-service"],
        cwd=ROOT,
        env=environment | {"RITAGLIO_INDEX": url, "PATH": f"{commands}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return run.stdout


def test_an_index_that_somebody_emptied_stays_empty(
    tmp_path: Path, commands: Path, environment: dict[str, str]
) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engine = open_engine(url, create=True)
    engine.write([Article(id="a")])
    engine.delete(["a"])
    engine.close()
    assert start(url, commands, environment) == "serving\n"
    assert (tmp_path / "calls").read_text() == "stats\n"


def test_an_index_with_articles_is_served(
    tmp_path: Path, commands: Path, environment: dict[str, str]
) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engine = open_engine(url, create=True)
    engine.write([Article(id="a")])
    engine.close()
    assert start(url, commands, environment) == "serving\n"
    assert (tmp_path / "calls").read_text() == "stats\n"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_where_the_first_load_was_killed_it_is_begun_anew(
    tmp_path: Path, commands: Path, environment: dict[str, str], end: signal.Signals
) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    with subprocess.Popen(
        [sys.executable, "-m", "indexer", "add", "-", "--index", url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    ) as load:
        assert load.stdin is not None
        load.stdin.write(b'{"id": "a", "text": "neve"}\n' * 10_000)
        load.stdin.flush()
        until(lambda: list(tmp_path.glob("index/*.toc")), "an index")
        load.send_signal(end)
    assert list(tmp_path.glob("index/*.toc"))
    start(url, commands, environment)
    assert (tmp_path / "calls").read_text() == "stats\nadd\n"


def test_where_there_is_no_index_one_is_made(
    tmp_path: Path, commands: Path, environment: dict[str, str]
) -> None:
    start(f"whoosh:{tmp_path / 'index'}", commands, environment)
    assert (tmp_path / "calls").read_text() == "stats\nadd\n"
