"""Who may, and how often, told to programs: added to a description that is otherwise finished."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from service.access.keys import Scope
from service.access.rules import UNLIMITED_ROUTES, needed
from service.resources.problems import MEDIA_TYPE

Json = dict[str, Any]
_KEY = "key"
_LIMITS = {
    "RateLimit": ("What is left, by draft-ietf-httpapi-ratelimit-headers-11.", "string"),
    "RateLimit-Policy": ("The limit itself, by the same draft.", "string"),
    "RateLimit-Limit": ("Requests in the window, where there is a limit.", "integer"),
    "RateLimit-Remaining": ("Requests that are left.", "integer"),
    "RateLimit-Reset": ("Seconds until there is one more.", "integer"),
}
_REFUSALS = {
    401: (
        "No key came, or one that nobody has.",
        {"WWW-Authenticate": ("How to send one.", "string")},
    ),
    403: ("The key opens too little, or there are no keys and the request is from elsewhere.", {}),
    429: (
        "More often than one client may ask.",
        {"Retry-After": ("Seconds after which to ask again.", "integer"), **_LIMITS},
    ),
}


def secured(description: Json) -> Json:
    """Return *description* with what each operation needs; it is changed in place."""
    components = description["components"]
    components["securitySchemes"] = {
        _KEY: {
            "type": "http",
            "scheme": "bearer",
            "description": "Una chiave di chi gestisce il servizio, con uno degli ambiti read, "
            "write, admin; ciascuno comprende quelli che lo precedono. In alternativa "
            "nell’intestazione X-API-Key; mai nell’indirizzo.",
        }
    }
    components["responses"] |= {str(status): _refusal(status) for status in _REFUSALS}
    components["headers"] |= {name: _header(*told) for name, told in _LIMITS.items()}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            _secure(operation, needed(path, method.upper()), limited=path not in UNLIMITED_ROUTES)
    return description


def _secure(operation: Json, scope: Scope, *, limited: bool) -> None:
    with_key = {_KEY: [scope.name.lower()]}
    operation["security"] = {
        Scope.ANYONE: [],
        Scope.READ: [{}, with_key],  # open, until the operator makes a key for it
    }.get(scope, [with_key])
    responses = operation["responses"]
    if limited:
        for status, response in responses.items():
            if status.startswith("2"):
                response.setdefault("headers", {}).update(
                    {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
                )
    for status, applies in ((401, bool(scope)), (403, bool(scope)), (429, limited)):
        if applies:
            responses[str(status)] = {"$ref": f"#/components/responses/{status}"}


def _refusal(status: int) -> Json:
    told, headers = _REFUSALS[status]
    return {
        "description": f"{HTTPStatus(status).phrase}: {told}",
        "headers": {name: _header(*about) for name, about in headers.items()},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }


def _header(about: str, kind: str) -> Json:
    return {"description": about, "schema": {"type": kind}}
