"""Does docs/api.md tell everything the API does, and do its examples work?"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shlex
from pathlib import Path
from typing import get_type_hints

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from service.app import create_app
from service.front.refusals import REFUSALS
from service.resources.articles import WrittenArticle
from service.resources.search import PARAMETERS
from service.search import Count, Result, Results
from service.search.explanation import Explanation, Match
from service.settings import Settings
from service.snippets import Snippet
from service.writing.loading import Loaded, RefusedLine, TakenLine
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

SHAPES = (
    *(Results, Result, Count, Snippet, Explanation, Match),
    *(WrittenArticle, TakenLine, RefusedLine, Loaded),
)
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl -s 'http://127\.0\.0\.1:8000(/[^']*)'$", PAGE, re.MULTILINE)
CODES = re.compile(r'(?:code=|Problem\(\s*\d+,\s*)"([a-z-]+)"')


CURL = argparse.ArgumentParser()
CURL.add_argument("url")
CURL.add_argument("-s", action="store_true")
CURL.add_argument("-X", dest="method")
CURL.add_argument("-H", dest="headers", action="append", default=[])
CURL.add_argument("-d", "--data-binary", "-T", dest="body")


@pytest.mark.parametrize("name", [parameter.name for parameter in PARAMETERS])
def test_every_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(
    "name",
    sorted({*Article.__struct_fields__, *(name for own in SHAPES for name in get_type_hints(own))}),
)
def test_every_field_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE or f'"{name}": ' in PAGE


def test_every_code_of_an_error_is_documented() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "service").rglob("*.py"))
    used = {code for source in sources for code in CODES.findall(source)}
    used |= {code for _, code, _ in REFUSALS.values()}
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE[PAGE.index("## Errors") :]))
    assert used
    assert used | {"bad-request"} == documented


def test_the_example_with_a_body_works(seeds: TestClient) -> None:
    (path, body) = re.search(
        r"^curl -s 'http://127\.0\.0\.1:8000(/\S+)' -H 'Content-Type: application/json' -d '(.*)'$",
        PAGE,
        re.MULTILINE,
    ).groups()
    answer = seeds.simulate_post(path, body=body, content_type="application/json")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_example_works(seeds: TestClient, path: str) -> None:
    before, _, query = path.partition("?")
    answer = seeds.simulate_get(before, query_string=query)
    assert answer.status_code == (400 if "abc" in query else 200), answer.text


def test_every_example_that_writes_works_in_turn() -> None:
    client = Local(create_app(MemoryEngine(), Settings()))
    line = b'{"id": "a", "text": "Un piano."}\n'
    files = {"@articoli.jsonl": line, "articoli.jsonl.gz": gzip.compress(line)}
    statuses = []
    for written in re.findall(r"^curl .*$", PAGE, re.MULTILINE):
        if "/articles" not in written or not re.search(" -(X|d|T|-data-binary) ", written):
            continue
        asked = CURL.parse_args(shlex.split(written)[1:])
        body = asked.body and files.get(asked.body, asked.body)
        answer = client.simulate_request(
            asked.method or "POST",
            asked.url.removeprefix("http://127.0.0.1:8000"),
            headers=dict(header.split(": ", 1) for header in asked.headers),
            body=body,
        )
        statuses.append((asked.method, answer.status_code))
        if "ndjson" in written:
            *told, _ = answer.text.splitlines()
            assert set(json.loads(told[0])) == {"line", "id", "result"}
    assert statuses == [
        ("PUT", 201),
        ("PUT", 201),
        ("DELETE", 204),
        (None, 201),
        (None, 200),
        ("POST", 200),
    ]
