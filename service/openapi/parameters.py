"""A parameter as it is told to programs, with the default and the bounds of this service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from service.limits import Limits
from service.resources.articles import MARKED
from service.resources.bodies import is_flag
from service.resources.parameters import Number, Parameter, Schema, Text
from service.resources.search import LIMIT, PER_PAGE, Q, highest


@dataclass(frozen=True, slots=True)
class Described:
    """What a service reads that answers *page_size* results by default, within *limits*."""

    page_size: int
    limits: Limits

    def parameter(self, parameter: Parameter[object]) -> dict[str, Any]:
        """Return *parameter* as it stands in an address."""
        described: dict[str, Any] = {
            "name": parameter.name,
            "in": "query",
            "description": parameter.meaning,
            "schema": self.schema(parameter),
        }
        if parameter.repeatable:
            described |= {"style": "form", "explode": True}
        else:
            described["allowEmptyValue"] = True  # counts as not given
        if parameter.example is not None:
            described["example"] = parameter.example
        return described

    def schema(self, parameter: Parameter[object]) -> Schema:
        """Return what a value of *parameter* may be."""
        if isinstance(parameter, Number):
            parameter = highest(parameter, self.limits)
            if parameter in (LIMIT, PER_PAGE):
                parameter = replace(parameter, default=self.page_size)
        elif isinstance(parameter, Text) and parameter in (Q, MARKED):
            parameter = replace(parameter, longest=self.limits.query_length)
        return parameter.schema()

    def in_json(self, parameter: Parameter[object]) -> Schema:
        """Return what a value of *parameter* may be in a body, where null is not given."""
        schema = self.schema(parameter)
        kinds = [schema["type"], *(["boolean"] if is_flag(parameter) else []), "null"]
        choices = schema.get("enum")
        wider = {"enum": [*choices, None]} if isinstance(choices, list) else {}
        return schema | {"type": kinds} | wider
