"""Does docs/api.md tell everything the API does, and do its examples work?"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from service.front.refusals import REFUSALS
from service.resources.search import PARAMETERS
from service.search import Count, Result, Results
from service.search.explanation import Explanation, Match
from service.snippets import Snippet

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl -s 'http://127\.0\.0\.1:8000(/[^']*)'$", PAGE, re.MULTILINE)
CODES = re.compile(r'(?:code=|Problem\(\s*\d+,\s*)"([a-z-]+)"')


@pytest.mark.parametrize("name", [parameter.name for parameter in PARAMETERS])
def test_every_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            field.name
            for shape in (Results, Result, Count, Snippet, Explanation, Match, Article)
            for field in fields(shape)
        }
    ),
)
def test_every_field_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


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
