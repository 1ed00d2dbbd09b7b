"""Checkouts that are ready to run, ports that are free, processes that are ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = (".git", ".venv*", "var", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")

Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def environment() -> dict[str, str]:
    """An environment in which neither make nor Python remembers who runs the tests."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project whose environment is as good as installed: it borrows our packages."""
    copy = tmp_path / "ritaglio"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
    venv = copy / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    packages = next(venv.glob("lib/python*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    for stamp in (".made", ".installed", ".developing"):
        (venv / stamp).touch()
    return copy


@pytest.fixture
def port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a command that serves on a port; return its process once it answers.

    What it starts is a session of its own, and is ended with the test, whatever is left of it.
    """
    with ExitStack() as stack:

        def start(command: list[str], port: int, **options: Any) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                **options,
            )
            stack.enter_context(process)
            stack.callback(_end, process.pid)
            until = time.monotonic() + 60
            while not _ready(port):
                if process.poll() is not None or time.monotonic() > until:
                    _end(process.pid)
                    pytest.fail(f"{command} does not serve: {process.communicate()[0]}")
                time.sleep(0.05)
            return process

        yield start


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


def _end(session: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
