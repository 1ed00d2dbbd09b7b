"""Does the description tell what the service does, by the rules for Italian public bodies?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import msgspec
import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from service.access.keys import Scope
from service.access.rules import UNLIMITED_ROUTES, needed
from service.app import ROUTES, create_app
from service.openapi import describe
from service.openapi.operations import OPERATIONS, Operation
from service.resources.parameters import Parameter
from service.settings import Settings
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

DESCRIPTION = describe(10, contact="redazione@example.org", terms="https://example.org/condizioni")
Json = dict[str, Any]


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(part: Json) -> Json:
    if "$ref" not in part:
        return part
    at: Any = DESCRIPTION
    for name in part["$ref"].removeprefix("#/").split("/"):
        at = at[name]
    return at


def answers() -> Iterator[tuple[str, str, Json]]:
    for path, _, operation in operations():
        for status, answer in operation["responses"].items():
            yield path, status, resolved(answer)


def test_it_describes_every_route_and_no_other() -> None:
    assert set(DESCRIPTION["paths"]) == set(ROUTES) == {each.path for each in OPERATIONS}


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref":\s*"([^"]+)"', json.dumps(DESCRIPTION)):
        assert resolved({"$ref": reference})


def test_it_is_served_with_the_operators_choices() -> None:
    settings = Settings(page_size=7, contact="https://example.org/chi-siamo")
    client = Local(create_app(MemoryEngine(), settings))
    served = client.simulate_get("/openapi.json").json
    assert served["info"]["contact"]["url"] == "https://example.org/chi-siamo"
    (limit,) = (p for p in served["paths"]["/search"]["get"]["parameters"] if p["name"] == "limit")
    assert limit["schema"]["default"] == 7


CASES = [
    (operation.path, parameter)
    for operation in OPERATIONS
    for parameter in operation.parameters
    if parameter.example is not None
]


@pytest.mark.parametrize(("path", "parameter"), CASES, ids=lambda case: getattr(case, "name", case))
def test_every_example_of_a_parameter_is_accepted(
    seeds: TestClient, path: str, parameter: Parameter[object]
) -> None:
    query = urlencode({parameter.name: parameter.example}, doseq=True)
    path = path.replace("{article_id}", "001_893e1bd431c83a89")
    assert seeds.simulate_get(path, query_string=query).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (operation.path, kind)
        for operation in OPERATIONS
        for kind in operation.answers.values()
        if kind and not operation.writes
    ],
)
def test_examples_and_answers_have_the_fields_of_their_schema(
    seeds: TestClient, path: str, kind: type
) -> None:
    schema = DESCRIPTION["components"]["schemas"][kind.__name__]
    real = seeds.simulate_get(
        path.replace("{article_id}", "001_893e1bd431c83a89"),
        query_string="q=ucraina" if path in ("/search", "/suggest", "/timeline") else "",
    ).json
    example = DESCRIPTION["paths"][path]["get"]["responses"]["200"]["content"]["application/json"][
        "example"
    ]
    assert set(real) == set(example) == set(schema["properties"]) - {"raw"}
    assert set(schema.get("required", ())) <= set(real)
    if kind is not Article:
        msgspec.convert(real, kind)
        msgspec.convert(example, kind)


def test_each_operation_says_what_it_needs_as_the_rules_do() -> None:
    assert DESCRIPTION["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, method, operation in operations():
        scope = needed(path, method.upper())
        needs = {Scope.ANYONE: [], Scope.READ: [{}, {"key": ["read"]}]}
        assert operation["security"] == needs.get(scope, [{"key": ["write"]}]), (path, method)
        assert ({"401", "403"} <= set(operation["responses"])) is bool(scope)
        assert ("429" in operation["responses"]) is (path not in UNLIMITED_ROUTES)


def test_refusals_tell_with_which_headers_they_come() -> None:
    responses = DESCRIPTION["components"]["responses"]
    assert "WWW-Authenticate" in responses["401"]["headers"]
    assert {"Retry-After", "RateLimit", "RateLimit-Policy"} <= set(responses["429"]["headers"])


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.takes], ids=lambda each: each.name
)
def test_every_example_of_a_body_is_taken_and_answered_as_described(operation: Operation) -> None:
    client = Local(create_app(MemoryEngine(), Settings()))
    described = DESCRIPTION["paths"][operation.path][operation.method]["responses"]
    for media, example in operation.takes.items():
        body = example if isinstance(example, str) else json.dumps(example)
        path = operation.path.replace("{article_id}", media.replace("/", "-"))
        answer = client.simulate_request(
            operation.method.upper(), path, body=body, content_type=media
        )
        answered = described[str(answer.status_code)]["content"][answer.headers["content-type"]]
        if media == "application/json":
            assert set(answer.json) == set(answered["example"])
            msgspec.convert(answer.json, operation.answers[media])
        else:
            told, last = answer.text.splitlines()[:-1], answer.text.splitlines()[-1]
            expected, summary = answered["example"].splitlines()[:-1], answered["example"]
            assert [set(json.loads(e)) for e in told] == [set(json.loads(e)) for e in expected]
            assert set(json.loads(last)) == set(json.loads(summary.splitlines()[-1]))


# Restated from the rules of italia/api-oas-checker, which the guidelines for public APIs cite.


def test_info_tells_who_what_and_on_which_terms() -> None:
    info = DESCRIPTION["info"]
    assert DESCRIPTION["openapi"].startswith("3.1")
    assert re.fullmatch(r"\d+(\.\d+){1,2}", info["version"])
    assert info["title"]
    assert info["description"]
    assert 0 < len(info["x-summary"]) <= 80
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["x-api-id"])
    assert info["contact"]["name"]
    assert info["contact"]["email"]
    assert info["termsOfService"].startswith("https://")
    assert info["license"]["identifier"]


def test_paths_are_in_kebab_case_without_methods_as_words() -> None:
    for path in DESCRIPTION["paths"]:
        segments = [part for part in path.split("/") if part and not part.startswith("{")]
        assert all(re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", part) for part in segments), path
        assert not {"get", "post", "put", "patch", "delete", "list", "create"} & set(segments)


def test_every_operation_has_its_own_name_a_summary_and_a_known_tag() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in DESCRIPTION["tags"]}
    for _, _, operation in operations():
        assert operation["summary"].endswith(".")
        assert set(operation["tags"]) <= tags


def test_every_refusal_is_a_problem() -> None:
    for path, status, answer in answers():
        if status.startswith(("4", "5")):
            assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_the_status_is_json_and_503_says_when_to_come_back() -> None:
    responses = DESCRIPTION["paths"]["/status"]["get"]["responses"]
    assert list(responses["200"]["content"]) == ["application/json"]
    for _, status, answer in answers():
        if status == "503":
            assert "Retry-After" in answer["headers"]


def test_answers_that_are_limited_tell_what_is_left() -> None:
    for path, status, answer in answers():
        if status == "429":
            assert "Retry-After" in answer["headers"]
        if status.startswith("2") and path not in UNLIMITED_ROUTES:
            assert {f"RateLimit-{each}" for each in ("Limit", "Remaining", "Reset")} <= set(
                answer["headers"]
            ), path


def test_json_answers_are_objects() -> None:
    for path, status, answer in answers():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            assert resolved(schema)["type"] == "object", (path, status)


def test_no_header_is_of_ones_own_making_and_none_is_authorization() -> None:
    written = json.dumps(DESCRIPTION)
    assert '"X-' not in written
    for _, _, operation in operations():
        names = {each["name"].lower() for each in operation.get("parameters", ())}
        assert "authorization" not in names


def test_the_page_shows_every_operation_and_loads_nothing(client: TestClient) -> None:
    answer = client.simulate_get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = answer.text
    for path, method, _ in operations():
        assert f"{method.upper()} {path}" in page
    assert not re.search(r"<script|src=|https?://|@import|url\(", page)


def test_no_reader_is_sent_to_a_file_of_the_repository(client: TestClient) -> None:
    assert "docs/api.md" not in client.simulate_get("/docs").text
    assert "docs/api.md" not in client.simulate_get("/openapi.json").text


def test_the_page_escapes_what_it_shows(client: TestClient) -> None:
    page = client.simulate_get("/docs").text
    assert "<mark>" not in page
    assert "&lt;mark&gt;piano&lt;/mark&gt;" in page
    body = page.removeprefix("<!DOCTYPE html>\n")
    body = re.sub(r"<meta [^>]*>", "", body)
    assert ElementTree.fromstring(body).tag == "html"
