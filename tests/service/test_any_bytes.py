"""Is any sequence of bytes in an address, a header or a body answered, and never with a fault?"""

from __future__ import annotations

import json
import re
from urllib.parse import quote_from_bytes

import pytest
from falcon.testing import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.articles import Article
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

BYTES = {
    "NUL": b"pace\x00guerra",
    "controls": bytes(range(32)) + b"\x7f",
    "half of a pair": b"\xed\xa0\x80",
    "overlong slash": b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf",
    "no UTF-8": b"\xff\xfe\xf8\x88\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "right to left": "\u202epace\u2066x\u2069".encode(),
    "byte order mark": "\ufeffpace".encode(),
    "combining": ("a" + "\u0301" * 500).encode(),
    "Latin-1": "perché".encode("latin-1"),
    "line ends": b"a\r\nSet-Cookie: b=c\r\n\r\n",
    "markup": b"<script>alert('1')</script>\"&",
    "formats": b"%s%n{0}${jndi:ldap://a}../../etc/passwd",
    "digits of others": "٢٠٢٥".encode(),
    "noncharacters": "\uffff\U0010ffff\ufdd0".encode(),
}
PARAMETERS = [
    *["q", "offset", "limit", "page", "cursor", "sort", "source", "author", "section", "tag"],
    *["from", "to", "facets", "snippets", "snippet_length", "variants", "explain", "nonsense"],
]
PATHS = ["/search", "/search.atom", "/timeline", "/suggest", "/", "/articles", "/status"]
HOSTILE = "</title><script>alert('x')</script><img src=x onerror=\"alert(1)\">&amp; pace"


@pytest.fixture(scope="module")
def asked() -> TestClient:
    engine = MemoryEngine()
    engine.write(
        [
            Article(id="a", title="La pace", text="La pace, e il piano.", source="ANSA"),
            Article(
                id="ostile",
                title=HOSTILE,
                text=f"{HOSTILE}. {HOSTILE}",
                source=HOSTILE,
                author=HOSTILE,
                section=HOSTILE,
                tags=(HOSTILE,),
                url="https://example.org/\"><script>alert('x')</script>",
                date="2025-11-19",
            ),
        ]
    )
    return Local(create_app(engine, Settings()))


def check(answer: object) -> None:
    assert answer.status_code < 500, answer.text  # type: ignore[attr-defined]
    if "json" in answer.headers.get("content-type", ""):  # type: ignore[attr-defined]
        assert answer.json is not None  # type: ignore[attr-defined]
    for name, value in answer.headers.items():  # type: ignore[attr-defined]
        assert not re.search(r"[\r\n\x00]", name + value)


@pytest.mark.parametrize("sent", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("path", PATHS)
def test_any_bytes_in_any_parameter(asked: TestClient, path: str, sent: bytes) -> None:
    for name in PARAMETERS:
        check(asked.simulate_get(path, query_string=f"{name}={quote_from_bytes(sent)}"))


@pytest.mark.parametrize("sent", BYTES.values(), ids=BYTES)
def test_any_bytes_in_a_path(asked: TestClient, sent: bytes) -> None:
    for path in ("/{}", "/articles/{}", "/articles/{}/similar", "/static/{}"):
        check(asked.simulate_get(path.format(quote_from_bytes(sent))))


HEADERS = [
    *["If-None-Match", "If-Modified-Since", "Accept", "Accept-Encoding", "Accept-Language"],
    *["Content-Type", "Authorization", "X-API-Key", "Request-Id", "Origin", "Referer", "Cookie"],
    *["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Host", "Range"],
]


@pytest.mark.parametrize("sent", BYTES.values(), ids=BYTES)
def test_any_bytes_in_a_header(asked: TestClient, sent: bytes) -> None:
    # gunicorn refuses the controls; what is left arrives as Latin-1.
    value = re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", "", sent.decode("latin-1"))
    for name in HEADERS:
        for path in ("/search", "/"):
            check(asked.simulate_get(path, query_string="q=pace", headers={name: value}))


@pytest.mark.parametrize(
    "body",
    [
        *BYTES.values(),
        *[json.dumps({"q": name}).encode().replace(b"\\u", b"\\\\u") for name in BYTES],
        b'{"q": "' + b"[" * 10_000 + b'"}',
        b'{"q": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"q": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001,
        b'{"q": "a", "q": "b"}',
        b'{"limit": NaN}',
        b'{"limit": 1e999}',
        b'{"limit": ' + b"9" * 10_000 + b"}",
        b'{"q": "\\ud800"}',
        b'{"q": "\\u0000"}',
        b"\xef\xbb\xbf{}",
        b"{}" * 10_000,
        b"null",
        b"",
    ],
)
def test_any_body(asked: TestClient, body: bytes) -> None:
    for kind in ("application/json", "application/json; charset=utf-16", "text/plain"):
        check(asked.simulate_post("/search", body=body, headers={"Content-Type": kind}))


@given(st.sampled_from(PATHS), st.sampled_from(PARAMETERS), st.binary(max_size=60))
@settings(max_examples=150)
def test_bytes_that_nobody_thought_of(asked: TestClient, path: str, name: str, sent: bytes) -> None:
    check(asked.simulate_get(path, query_string=f"{name}={quote_from_bytes(sent)}"))


@pytest.mark.parametrize(
    "address",
    [
        "/?q=pace",
        "/search.atom?q=pace",
        "/opensearch.xml?q=pace",
        f"/?q={quote_from_bytes(HOSTILE.encode())}",
        f"/search.atom?q={quote_from_bytes(HOSTILE.encode())}",
        "/docs",
    ],
)
def test_no_markup_of_an_article_or_a_question_reaches_a_page_or_a_feed(
    asked: TestClient, address: str
) -> None:
    path, _, query = address.partition("?")
    answer = asked.simulate_get(path, query_string=query, headers={"Accept": "text/html"})
    assert answer.status_code < 500
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    if "html" in answer.headers["content-type"]:  # in a feed's text a quotation mark is harmless
        assert 'onerror="alert' not in answer.text


def test_what_json_calls_html_is_escaped(asked: TestClient) -> None:
    results = asked.simulate_get("/search", params={"q": "pace", "snippets": "5"}).json["results"]
    assert len(results) == 2
    for result in results:
        for html in (result["title_html"], *(each["html"] for each in result["snippets"])):
            assert not set(re.sub("</?mark>", "", html)) & set("<>\"'")
