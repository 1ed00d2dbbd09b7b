"""GET /suggest: what may be meant, as one types; also in the shape that browsers ask for."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import falcon
import msgspec

from indexer.engines.contract import Engine
from service.feeds import SUGGESTIONS
from service.page.wording import articles
from service.resources.parameters import Choice, Number, Parameter, read_given
from service.resources.search import Q
from service.search.completing import Completions, complete


class Format(StrEnum):
    """The shape of the answer."""

    JSON = "json"
    OPENSEARCH = "opensearch"


BEGUN = replace(Q, meaning="What has been typed so far.", example="piano di pa", longest=200)
WAYS = Number(
    name="limit", meaning="How many of each kind to answer.", default=8, lowest=1, highest=20
)
FORMAT = Choice(
    name="format",
    meaning="The shape: opensearch is OpenSearch Suggestions, an array for browsers.",
    default=Format.JSON,
)
PARAMETERS: tuple[Parameter[object], ...] = (BEGUN, WAYS, FORMAT)


class SuggestResource:
    """Answers words, names and titles."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Complete what was typed."""
        given = read_given(req.params, PARAMETERS)
        completions = complete(self._engine, given[BEGUN], given[WAYS])
        if given[FORMAT] is Format.OPENSEARCH:
            resp.content_type = SUGGESTIONS
            resp.data = msgspec.json.encode(_for_browsers(completions, given[WAYS]))
        else:
            resp.media = completions

    on_head = on_get


def _for_browsers(completions: Completions, limit: int) -> tuple[str, list[str], list[str]]:
    found = {word.text: articles(word.count) for word in completions.words}
    found |= {name.text: articles(name.count) for name in completions.names}
    found |= {title.title: "titolo" for title in completions.titles}
    return completions.query, [*found][:limit], [*found.values()][:limit]
