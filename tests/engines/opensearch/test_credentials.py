"""Does a cluster learn who we are, and nobody else a word of it?"""

from __future__ import annotations

import base64
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer.__main__ import main
from indexer.engines import open_engine
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import parse
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.credentials import header
from service.__main__ import main as serve

SECRET = "s3gr3t1ss1m0"
BASIC = "Basic " + base64.b64encode(f"io:{SECRET}".encode()).decode()
PASSWORD = {"RITAGLIO_INDEX_PASSWORD": SECRET}
KEY = {"RITAGLIO_INDEX_KEY": SECRET}


@pytest.mark.parametrize(
    ("url", "environ", "sent"),
    [
        ("opensearch://uno/a", {}, None),
        ("opensearch://io@uno/a?password_file={file}", {}, BASIC),
        ("opensearch://io@uno/a?password_file={file}", {"RITAGLIO_INDEX_PASSWORD": "x"}, BASIC),
        ("opensearch://io@uno/a", PASSWORD, BASIC),
        ("opensearch://io@uno/a", PASSWORD | KEY, BASIC),
        ("opensearch://uno/a?key_file={file}", {}, f"ApiKey {SECRET}"),
        ("opensearch://uno/a?key_file={file}", {"RITAGLIO_INDEX_KEY": "x"}, f"ApiKey {SECRET}"),
        ("opensearch://uno/a", KEY, f"ApiKey {SECRET}"),
        ("opensearch://uno/a", PASSWORD, None),  # nobody it could be the password of
        ("opensearch://uno/a", {"RITAGLIO_INDEX_KEY": f"Bearer {SECRET}"}, f"Bearer {SECRET}"),
    ],
)
def test_a_cluster_is_told_who_we_are(
    url: str, environ: Mapping[str, str], sent: str | None, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text(f"{SECRET}\n")
    address = parse(url.format(file=tmp_path / "file"))
    assert header(address, environ).get("authorization") == sent
    assert SECRET not in f"{address} {address!r}"


@pytest.mark.parametrize(
    ("url", "environ", "remedy"),
    [
        ("opensearch://io@uno/a", {}, "set RITAGLIO_INDEX_PASSWORD, or write"),
        ("opensearch://uno/a?password_file={file}", {}, "write its user too"),
        ("opensearch://io@uno/a?password_file={file}/none", {}, "Cannot read the password in"),
        ("opensearch://uno/a?key_file={file}/none", {}, "Cannot read the key in"),
        ("opensearch://uno/a", {"RITAGLIO_INDEX_KEY": f"a\n{SECRET}"}, "more than one line"),
    ],
)
def test_what_is_missing_is_told(
    url: str, environ: Mapping[str, str], remedy: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text(SECRET)
    address = parse(url.format(file=tmp_path / "file"))
    with pytest.raises(EngineError, match=re.escape(remedy)) as raised:
        header(address, environ)
    assert SECRET not in str(raised.value)


@pytest.fixture
def refusing() -> Iterator[tuple[str, list[str | None]]]:
    """A cluster that refuses everybody, and what it was told of who asks."""
    told: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers["Authorization"])
            self.send_response(401)
            self.end_headers()
            self.wfile.write(b"Unauthorized")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"127.0.0.1:{server.server_port}", told
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(("user", "environ"), [("io@", PASSWORD), ("", KEY)])
def test_no_secret_is_in_what_anybody_reads(
    user: str,
    environ: Mapping[str, str],
    refusing: tuple[str, list[str | None]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    host, told = refusing
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    errors = []
    for where in (host, "127.0.0.1:9"):
        monkeypatch.setattr("indexer.engines.opensearch.connection.FIRST_PAUSE", 0.001)
        url = f"opensearch://{user}{where}/a?tls=no"
        with pytest.raises(EngineError) as raised:
            open_engine(url)
        errors.append(str(raised.value))
        errors.append(repr(vars(Connection(parse(url)))["address"]))
        assert main(["stats", "--index", url]) == 2
        assert serve(["--show-config", "--index", url]) == 0
        assert serve(["search", "neve", "--index", url]) == 1
    sent = told[0] or ""
    assert sent in (BASIC, f"ApiKey {SECRET}")
    read = "".join([*errors, caplog.text, *capfd.readouterr()])
    assert "(set)" in read
    for secret in (SECRET, sent, sent.split()[1]):
        assert secret not in read
