"""GET /, /stato and /static/{name}: searching in a browser, and what its pages look like.

The page takes the parameters of /search but for the cursor; what it shows by itself, facets and
explanations, may be asked for all the same. A parameter that nobody knows is no reason to refuse
a reader: sites that links are shared on add theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import falcon
from msgspec.structs import replace

from indexer.articles.dates import ROME
from indexer.engines.contract import Engine
from service.lasthour import LastHour
from service.limits import Limits
from service.page.assets import assets
from service.page.links import Links
from service.page.problem import Kept
from service.page.results import results_page
from service.page.state import state_page
from service.query import QueryError
from service.release import release
from service.resources.negotiation import send_page
from service.resources.parameters import read_given
from service.resources.problems import Problem
from service.resources.search import (
    CURSOR,
    FROM,
    OFFSET,
    PAGE,
    PARAMETERS,
    PER_PAGE,
    TO,
    Note,
    read_request,
)
from service.search import SearchRequest
from service.search.overview import overview

PAGE_PARAMETERS = tuple(each for each in PARAMETERS if each is not CURSOR)
_KNOWN = {each.name for each in PAGE_PARAMETERS}
_PLACE = {each.name for each in (OFFSET, PAGE, PER_PAGE)}
_Parameters = Mapping[str, str | list[str]]


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
        try:
            request = replace(self._read(known), explain=True)
        except QueryError:
            req.context.kept = self._kept(known)
            raise
        # What is refused from here on is what is searched, not how.
        req.context.kept = Kept(Links(replace(request, q=""), self._page_size))
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

    def _read(self, known: _Parameters) -> SearchRequest:
        given = read_given(known, PAGE_PARAMETERS)
        return read_request(given, self._page_size, self._limits)

    def _kept(self, known: _Parameters) -> Kept:
        """Return what of *known* can be read; from its first result on."""
        readable: _Parameters = {
            name: value
            for name, value in known.items()
            if name not in _PLACE and self._reads({name: value})
        }
        first = self._read(_without(readable, TO.name)).first
        last = self._read(_without(readable, FROM.name)).last
        if not self._reads(readable):  # dates the wrong way round can be read one by one
            readable = _without(readable, FROM.name, TO.name)
        links = Links(self._read(readable), self._page_size)
        dated = any(known.get(each.name) for each in (FROM, TO))
        return Kept(links, first, last, dated=dated)

    def _reads(self, known: _Parameters) -> bool:
        try:
            self._read(known)
        except QueryError:
            return False
        return True


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


def _without(known: _Parameters, *names: str) -> _Parameters:
    return {name: value for name, value in known.items() if name not in names}
