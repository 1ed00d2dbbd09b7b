"""Does the image's health check ask the service itself, whatever the environment says?"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
DEFAULT = 8000


class Service(BaseHTTPRequestHandler):
    """Ready, or not."""

    status = 200

    def do_GET(self) -> None:
        """Answer /readyz alone."""
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *told: object) -> None:
        """Say nothing."""


@contextmanager
def answering(port: int = 0, status: int = 200) -> Iterator[int]:
    service = type("Service", (Service,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", port), service) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def is_healthy(environment: dict[str, str], **more: str) -> bool:
    text = DOCKERFILE.read_text(encoding="utf-8")
    _, *arguments = json.loads(re.search(r"^HEALTHCHECK[^\n]*\n +CMD (\[.*\])$", text, re.M)[1])
    check = subprocess.run(
        [sys.executable, *arguments],
        env=environment | more,
        capture_output=True,
        check=False,
        timeout=30,
    )
    return check.returncode == 0


def test_it_tells_ready_from_not_ready_and_from_nobody(
    environment: dict[str, str], port: int
) -> None:
    for status, healthy in ((200, True), (503, False)):
        with answering(status=status) as there:
            assert is_healthy(environment, RITAGLIO_PORT=str(there)) == healthy
    assert not is_healthy(environment, RITAGLIO_PORT=str(port))


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY"])
def test_a_proxy_in_the_environment_is_not_asked(
    environment: dict[str, str], port: int, name: str
) -> None:
    with answering() as there:
        more = {"RITAGLIO_PORT": str(there), name: f"http://127.0.0.1:{port}"}
        assert is_healthy(environment, **more)


@pytest.mark.parametrize("told", [{}, {"RITAGLIO_PORT": ""}, {"RITAGLIO_PORT": " "}])
def test_an_empty_port_is_the_default(environment: dict[str, str], told: dict[str, str]) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", DEFAULT)) == 0:
            pytest.skip(f"another program listens on {DEFAULT}")
    with answering(DEFAULT):
        assert is_healthy(environment, **told)
