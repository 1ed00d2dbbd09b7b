"""Parameters that come as a JSON object instead of behind a question mark."""

from __future__ import annotations

from collections.abc import Iterable

import falcon
import msgspec

from service.query import QueryError
from service.resources.parameters import Choice, Number, Parameter
from service.resources.problems import Problem

_Object = dict[str, str | int | list[str]]


def read_object(
    req: falcon.Request, known: Iterable[Parameter[object]], longest: int
) -> dict[str, str | list[str]]:
    """Return the parameters in the body of *req*, as they would stand in an address.

    The body has *longest* bytes at most.

    Numbers are written as numbers, everything else as texts. Raise Problem or QueryError.
    """
    given = _decode(req, longest)
    for parameter in known:
        value = given.get(parameter.name, "")
        if isinstance(parameter, Number) and value != "" and not isinstance(value, int):
            raise _wrong_kind(parameter, "a number, without quotes")
        if isinstance(parameter, Choice) and value == "" and parameter.name in given:
            raise _wrong_kind(parameter, "left out where none is chosen,")
        if isinstance(value, int) and not isinstance(parameter, Number):
            raise _wrong_kind(parameter, "a text, in quotes")
    return {name: value if isinstance(value, list) else str(value) for name, value in given.items()}


def _decode(req: falcon.Request, longest: int) -> _Object:
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != falcon.MEDIA_JSON:
        raise Problem(
            415,
            "not-json",
            "Send the parameters as a JSON object, with Content-Type: application/json.",
        )
    body = req.bounded_stream.read(longest + 1)
    if len(body) > longest:
        raise Problem(413, "body-too-long", f"The body of a search has {longest} bytes at most.")
    try:
        return msgspec.json.decode(body, type=_Object)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(
            400,
            "invalid-body",
            f"The body is no JSON object of parameters ({error}): "
            'write it as in {"q": "pace", "source": ["ANSA"], "limit": 5}.',
        ) from error


def _wrong_kind(parameter: Parameter[object], expected: str) -> QueryError:
    return QueryError(f"{parameter.name} is {expected} in JSON.", code="invalid-parameter")
