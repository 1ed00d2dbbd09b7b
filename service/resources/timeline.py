"""GET /timeline: how many articles over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import falcon

from indexer.engines.contract import Engine
from service.limits import Limits
from service.resources.parameters import Parameter, Schema, not_among, read_given
from service.resources.search import NARROWING, read_narrow
from service.search.timeline import Step, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps(Parameter[Step | None]):
    """A step, or none: then the finest that fits is taken."""

    kinds: ClassVar[tuple[str, ...]] = tuple(Step)

    def read(self, texts: tuple[str, ...]) -> Step | None:
        """Return the step."""
        if not texts:
            return None
        if texts[0] not in self.kinds:
            raise not_among(self.name, texts[0], self.kinds)
        return Step(texts[0])

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        return {"type": "string", "enum": [*self.kinds]}


STEP = _Steps(
    name="step", meaning="How wide a step is; by itself one that fits the time.", example="month"
)
PARAMETERS: tuple[Parameter[object], ...] = (*NARROWING, STEP)


class TimelineResource:
    """Answers counts by day, week, month or year."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Count the articles found over time."""
        given = read_given(req.params, PARAMETERS)
        resp.media = timeline(self._engine, read_narrow(given, self._limits), given[STEP])

    on_head = on_get
