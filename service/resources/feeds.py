"""GET /search.atom and /opensearch.xml: searches for newsreaders and browsers."""

from __future__ import annotations

from dataclasses import replace

import falcon
from msgspec import structs

from indexer.engines.contract import Engine, Sort
from service.feeds import ATOM, DESCRIPTION, atom, feed_path, opensearch
from service.limits import Limits
from service.query import QueryError
from service.resources.parameters import Parameter, read_given
from service.resources.search import LIMIT, NARROWING, OFFSET, highest, read_narrow
from service.search import search

ENTRIES = replace(LIMIT, default=20)
PARAMETERS: tuple[Parameter[object], ...] = (*NARROWING, OFFSET, ENTRIES)


class FeedResource:
    """Answers the newest articles of a search as an Atom feed."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Search, newest first."""
        if "sort" in req.params:
            raise QueryError(
                "A feed is always newest first: leave sort out.", code="unknown-parameter"
            )
        given = read_given(req.params, PARAMETERS)
        request = structs.replace(
            read_narrow(given, self._limits),
            sort=Sort.NEWEST,
            offset=given[highest(OFFSET, self._limits)],
            limit=given[ENTRIES],
        )
        results = search(self._engine, request)
        changed = self._engine.last_commit() or "1970-01-01T00:00:00+00:00"
        resp.content_type = f"{ATOM}; charset=utf-8"
        stretch = {each.name: given[each] for each in (OFFSET, ENTRIES) if each in given}
        resp.data = atom(results, req.context.prefix, feed_path(request), changed, stretch)

    on_head = on_get


class DescriptionResource:
    """Answers how the service is searched."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Describe the searches."""
        read_given(req.params)
        resp.content_type = f"{DESCRIPTION}; charset=utf-8"
        resp.data = opensearch(req.context.prefix)

    on_head = on_get
