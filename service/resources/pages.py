"""GET /, /stato and /static/{name}: searching in a browser, and what its pages look like.

The page takes the parameters of /search but for the cursor; what it shows by itself, facets and
explanations, may be asked for all the same. A parameter that nobody knows is no reason to refuse
a reader: sites that links are shared on add theirs.
"""

from __future__ import annotations

from datetime import datetime

import falcon
from msgspec.structs import replace

from indexer.articles.dates import ROME
from indexer.engines.contract import Engine
from service.lasthour import LastHour
from service.limits import Limits
from service.page.assets import assets
from service.page.results import results_page
from service.page.state import state_page
from service.release import release
from service.resources.negotiation import send_page
from service.resources.parameters import read_given
from service.resources.problems import Problem
from service.resources.search import CURSOR, PARAMETERS, Note, read_request
from service.search.overview import overview

PAGE_PARAMETERS = tuple(each for each in PARAMETERS if each is not CURSOR)
_KNOWN = {each.name for each in PAGE_PARAMETERS}


class SearchPageResource:
    """Answers one page of results to a browser."""

    def __init__(self, engine: Engine, page_size: int, limits: Limits, note: Note) -> None:
        self._engine = engine
        self._page_size = page_size
        self._limits = limits
        self._note = note

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Search the index for what the address says."""
        known = {name: value for name, value in req.params.items() if name in _KNOWN}
        ignored = [name for name in req.params if name not in _KNOWN]
        given = read_given(known, PAGE_PARAMETERS)
        request = replace(read_request(given, self._page_size, self._limits), explain=True)
        found = overview(self._engine, request)
        self._note(request, found.results)
        body = results_page(
            found,
            request,
            page_size=self._page_size,
            today=datetime.now(ROME).date(),
            ignored=ignored,
        )
        send_page(resp, body)

    on_head = on_get


class StateResource:
    """Answers how the service is to who runs it."""

    def __init__(self, engine: Engine, hour: LastHour) -> None:
        self._engine = engine
        self._hour = hour

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Tell what the index holds and what the last hour was like."""
        read_given(req.params)
        send_page(resp, state_page(self._engine.stats(), self._hour.told(), release()))
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get


class AssetResource:
    """Answers style sheet, scripts and icon; another content has another name."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Answer one file."""
        read_given(req.params)
        found = assets().get(name)
        if found is None:
            raise Problem(404, "path-not-found", "Pages name the files that are here: load one.")
        resp.content_type = found.content_type
        resp.data = found.body
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable")
        resp.set_header("X-Content-Type-Options", "nosniff")

    on_head = on_get
