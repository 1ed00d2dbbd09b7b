"""Parameters that come as a JSON object instead of behind a question mark."""

from __future__ import annotations

from collections.abc import Iterable

import falcon
import msgspec

from service.query import QueryError
from service.resources.parameters import Choice, Number, Parameter
from service.resources.problems import Problem

_Object = dict[str, object]


def read_object(
    req: falcon.Request, known: Iterable[Parameter[object]], longest: int
) -> dict[str, str | list[str]]:
    """Return the parameters in the body of *req*, as they would stand in an address.

    The body has *longest* bytes at most.

    Numbers are written as numbers, everything else as texts; null is not given, and true and
    false are 1 and 0. Raise Problem or QueryError.
    """
    parameters = {parameter.name: parameter for parameter in known}
    return {
        # A name that nobody knows is refused by who knows them, whatever its value.
        name: _text(parameters[name], value) if name in parameters else ""
        for name, value in _decode(req, longest).items()
    }


def is_flag(parameter: Parameter[object]) -> bool:
    """Tell whether *parameter* says no more than yes or no."""
    return isinstance(parameter, Number) and parameter.highest == 1


def _text(parameter: Parameter[object], value: object) -> str | list[str]:
    if value is None:
        return ""
    if isinstance(parameter, Number):
        return _digits(parameter, value)
    if isinstance(parameter, Choice) and value == "":
        raise _wrong_kind(parameter, "left out where none is chosen,")
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    several = ", or an array of texts," if parameter.repeatable else ""
    raise _wrong_kind(parameter, f"a text, in quotes{several}")


def _digits(parameter: Number, value: object) -> str:
    if isinstance(value, bool) and is_flag(parameter):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 5.0 is a whole number to JSON
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    bounds = f"a whole number from {parameter.lowest} to {parameter.highest}"
    raise _wrong_kind(parameter, f"{bounds}, without quotes,")


def _decode(req: falcon.Request, longest: int) -> _Object:
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != falcon.MEDIA_JSON:
        raise Problem(
            415,
            "not-json",
            "Send the parameters as a JSON object, with Content-Type: application/json.",
        )
    if (req.content_length or 0) > longest:  # none of it is waited for
        raise Problem(413, "body-too-long", f"The body of a search has {longest} bytes at most.")
    body = req.bounded_stream.read()  # of a told length, else nothing
    try:
        return msgspec.json.decode(body, type=_Object)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(
            400,
            "invalid-body",
            f"The body is no JSON object of parameters ({error}): "
            'write it as in {"q": "pace", "source": ["ANSA"], "limit": 5}.',
        ) from error


def _wrong_kind(parameter: Parameter[object], expected: str) -> QueryError:
    return QueryError(f"{parameter.name} is {expected} in JSON.", code="invalid-parameter")
