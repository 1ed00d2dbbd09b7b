"""The operations as one OpenAPI 3.1 object, by the rules for APIs of Italian public bodies."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import falcon
import msgspec

from indexer.articles import Article
from indexer.articles.article import MAX_ID_LENGTH
from service.feeds import SUGGESTIONS
from service.limits import DEFAULTS, Limits
from service.openapi import bodies, examples
from service.openapi.operations import OPERATIONS, Operation
from service.openapi.parameters import Described
from service.openapi.security import secured
from service.release import release
from service.resources import uploads
from service.resources.problems import MEDIA_TYPE, ProblemBody

Json = dict[str, Any]
REFUSALS = (400, 404, 412, 413, 414, 415, 431, 503)
_ID = "8f3a4a52-5b0e-4c1e-9a4e-6d2f0c1b7e90"  # of this API, whoever runs it
_IN_PATHS: dict[str, Json] = {
    "article_id": {
        "description": "The id of an article, percent-encoded.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_ID_LENGTH},
        "example": "001_893e1bd431c83a89",
    },
    "name": {
        "description": "The name of a file, as pages write it.",
        "schema": {"type": "string", "minLength": 1},
        "example": "page.3fa9c1d20b.css",
    },
}
_REFERENCE = "#/components/schemas/{name}"


def describe(page_size: int, limits: Limits = DEFAULTS, contact: str = "", terms: str = "") -> Json:
    """Return the description of a service that answers *page_size* results by default.

    *contact* is an address of whoever runs it, for the web or for mail; *terms* a web address.
    """
    answers = {kind for each in OPERATIONS for kind in each.answers.values() if kind}
    _, schemas = msgspec.json.schema_components(
        [*answers, ProblemBody], ref_template=_REFERENCE, schema_hook=_anything
    )
    _complete(schemas["Article"])
    info: Json = {
        "title": "Ritaglio",
        "version": release().partition("+")[0],
        "summary": "Full-text search for Italian articles",
        "description": "Ricerca a testo intero negli articoli italiani: risultati ordinati, "
        "parole evidenziate, sfaccettature, feed. Questa descrizione sta in /docs per le persone, "
        "in /openapi.json per i programmi.",
        "x-summary": "Ricerca negli articoli",
        "x-api-id": _ID,
        "contact": {"name": "Chi gestisce questo servizio", **_address(contact)},
        "license": {"name": "BSD-2-Clause", "identifier": "BSD-2-Clause"},
    }
    description: Json = {
        "openapi": "3.1.0",
        "info": info | ({"termsOfService": terms} if terms else {}),
        "servers": [{"url": "/", "description": "Questo servizio"}],
        "tags": [
            {"name": "reading", "description": "Leggere e cercare."},
            {"name": "writing", "description": "Scrivere e togliere articoli."},
        ],
        "paths": _paths(Described(page_size, limits)),
        "components": {
            "schemas": {**schemas, bodies.NAME: bodies.SCHEMA},
            "responses": {str(status): _refusal(status) for status in REFUSALS},
            "headers": {
                "Request-Id": {
                    "description": "Names the request in the log of the service.",
                    "schema": {"type": "string"},
                },
                "ETag": {
                    "description": "The state answered from; send it back as If-None-Match.",
                    "schema": {"type": "string"},
                },
            },
        },
    }
    return secured(description)


def _paths(described: Described) -> Json:
    paths: Json = {}
    for operation in OPERATIONS:
        methods = paths.setdefault(operation.path, {})
        methods[operation.method] = _operation(operation, described)
        if operation.body:
            methods["post"] = _post(operation, described)
    return paths


def _operation(operation: Operation, described: Described) -> Json:
    own: Json = {
        "tags": ["writing" if operation.writes else "reading"],
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.about,
        "parameters": [described.parameter(each) for each in operation.parameters],
        "responses": _responses(operation, (*operation.refusals, 414, 431, 503)),
    }
    if operation.from_index and not operation.writes:
        own["responses"]["304"] = {
            "description": "Nothing has changed since the ETag that was sent back.",
        }
    own["parameters"][:0] = [
        {"name": name, "in": "path", "required": True, **told}
        for name, told in _IN_PATHS.items()
        if f"{{{name}}}" in operation.path
    ]
    if operation.takes:
        own["requestBody"] = _body(operation)
    if operation.writes and "{article_id}" in operation.path:
        own["parameters"] += bodies.CONDITIONS
    return own


def _body(operation: Operation) -> Json:
    content: Json = {}
    for media, example in operation.takes.items():
        schema = {"$ref": _REFERENCE.format(name=bodies.NAME)}
        if media != falcon.MEDIA_JSON:
            schema = {"type": "string"}
        content[media] = {"schema": schema, "example": example}
    return {"required": True, "content": content}


def _post(operation: Operation, described: Described) -> Json:
    properties = {
        each.name: described.in_json(each) | {"description": each.meaning}
        for each in operation.parameters
    }
    return {
        "tags": ["reading"],
        "operationId": f"{operation.name}-by-body",
        "summary": f"{operation.summary[:-1]} with long parameters.",
        "description": "Come GET, con i parametri in un oggetto JSON.",
        "requestBody": {
            "required": True,
            "content": {
                falcon.MEDIA_JSON: {
                    "schema": {
                        "type": "object",
                        "properties": properties,
                        "additionalProperties": False,
                    },
                    "example": {"q": "piano di pace", "source": ["Panorama"], "limit": 5},
                }
            },
        },
        "responses": _responses(operation, (400, 413, 415, 431, 503)),
    }


def _responses(operation: Operation, refusals: tuple[int, ...]) -> Json:
    content: Json = {}
    for media, kind in operation.answers.items():
        content[media] = {"schema": _schema_of(kind, media)}
        if kind and operation.example is not None:
            content[media]["example"] = msgspec.to_builtins(operation.example)
        elif media == uploads.LINES:
            content[media]["example"] = examples.LOADED
    headers: Json = {"Request-Id": {"$ref": "#/components/headers/Request-Id"}}
    if operation.from_index and operation.method != "delete":
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    answer = {"description": operation.about, "headers": headers} | (
        {"content": content} if content else {}
    )
    return {
        **{str(status): answer for status in operation.statuses},
        **{str(status): {"$ref": f"#/components/responses/{status}"} for status in refusals},
    }


def _schema_of(kind: type | None, media: str) -> Json:
    if kind:
        return {"$ref": _REFERENCE.format(name=kind.__name__)}
    if media == falcon.MEDIA_JSON:
        return {"type": "object"}
    return {"type": "array"} if media == SUGGESTIONS else {"type": "string"}


def _refusal(status: int) -> Json:
    title = HTTPStatus(status).phrase
    example = examples.PROBLEM | {"title": title, "status": status}
    content: Json = {"schema": {"$ref": _REFERENCE.format(name="ProblemBody")}}
    if status == 400:
        content["example"] = example
    refusal: Json = {"description": f"{title}: detail says what to do.", "content": {}}
    refusal["content"][MEDIA_TYPE] = content
    if status == 503:
        refusal["headers"] = {
            "Retry-After": {
                "description": "Seconds after which to ask again.",
                "schema": {"type": "integer"},
            }
        }
    return refusal


def _complete(article: Json) -> None:
    """Say of the schema of an article what its answer has more, and always."""
    properties = article["properties"]
    properties["indexed_at"] = {"type": "string", "format": "date-time"}
    article["required"] = [name for name in properties if name != "raw"]
    assert article["title"] == Article.__name__


def _address(contact: str) -> Json:
    if not contact:
        return {}
    return {"email": contact} if "@" in contact and "/" not in contact else {"url": contact}


def _anything(_kind: type) -> Json:
    return {"description": "Any JSON."}  # msgspec takes an empty schema for none
