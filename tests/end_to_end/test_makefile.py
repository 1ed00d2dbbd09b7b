"""Does make do what it says, and say in one sentence why it cannot?"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from tests.end_to_end.conftest import Serve

ROOT = Path(__file__).parents[2]
TARGETS = re.search(
    r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)[1].split()


def make(
    *arguments: str, cwd: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def sentences(output: str) -> list[str]:
    """What make's commands said, without make's own line about the failure."""
    return [line for line in output.splitlines() if not line.startswith("make")]


def interpreter(folder: Path, script: str) -> str:
    fake = folder / "python"
    fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    fake.chmod(0o755)
    return str(fake)


def test_make_alone_lists_every_target(environment: dict[str, str]) -> None:
    help_ = make(cwd=ROOT, environment=environment).stdout
    assert re.findall(r"^  (\S+)\t\S", help_, re.MULTILINE) == TARGETS
    assert make("help", cwd=ROOT, environment=environment).stdout == help_


@pytest.mark.parametrize(
    ("script", "remedy"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ("exit 127", "needs Python 3.11 or newer"),
        ('case "$*" in *venv*) exit 1 ;; esac', "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told_in_one_sentence(
    checkout: Path, tmp_path: Path, environment: dict[str, str], script: str, remedy: str
) -> None:
    python = interpreter(tmp_path, script)
    run = make("run", f"PYTHON={python}", "VENV=.new", cwd=checkout, environment=environment)
    assert run.returncode != 0
    assert run.stdout == ""
    [sentence] = sentences(run.stderr)
    assert remedy in sentence
    assert not (checkout / ".new").exists()


def test_run_on_a_busy_port_is_told_in_one_sentence(
    checkout: Path, environment: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = make("run", f"PORT={port}", cwd=checkout, environment=environment)
    assert run.returncode != 0
    [sentence] = sentences(run.stderr)
    assert str(port) in sentence


def test_run_serves_until_it_is_interrupted_and_indexes_once(
    checkout: Path, port: int, serve: Serve, environment: dict[str, str]
) -> None:
    commits = []
    for _ in range(2):
        run = serve(["make", "-j4", "run", f"PORT={port}"], port, cwd=checkout, env=environment)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            ready = json.load(answer)
        assert ready["articles"] == 5
        commits.append(ready["generation"])
        os.killpg(run.pid, signal.SIGINT)
        said, _ = run.communicate(timeout=30)
        assert f"curl -s 'http://127.0.0.1:{port}/search?q=piano+di+pace'" in said
        assert "Traceback" not in said
    assert commits[0] == commits[1]


def test_run_listens_where_the_setting_says(
    checkout: Path, port: int, serve: Serve, environment: dict[str, str]
) -> None:
    environment["RITAGLIO_PORT"] = str(port)
    serve(["make", "run"], port, cwd=checkout, env=environment)


def test_run_leaves_an_index_empty_that_somebody_emptied(
    checkout: Path, port: int, serve: Serve, environment: dict[str, str]
) -> None:
    engine = open_engine(f"whoosh:{checkout}/var/index", create=True)
    engine.write([Article(id="a")])
    engine.delete(["a"])
    engine.close()
    serve(["make", "run", f"PORT={port}"], port, cwd=checkout, env=environment)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        assert json.load(answer)["articles"] == 0


def test_run_begins_a_first_load_anew_that_was_killed(
    checkout: Path, port: int, serve: Serve, environment: dict[str, str]
) -> None:
    open_engine(f"whoosh:{checkout}/var/index", create=True).close()  # that leaves no more
    serve(["make", "run", f"PORT={port}"], port, cwd=checkout, env=environment)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        assert json.load(answer)["articles"] == 5
