"""What was answered before needs no second answer while the index stays the same: 304.

A weak ETag is made of the request and of what the index holds, so a repeated question costs no
search, in whichever worker it arrives.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

import falcon

from indexer.articles.dates import ROME
from indexer.engines.contract import Engine
from service.page.links import HOME
from service.page.templates import look
from service.resources.negotiation import prefers_page

ARTICLE = "/articles/{article_id}"


class Freshness:
    """Answers 304 on *paths*, whose answers depend on the index, the request and *salt* alone."""

    def __init__(self, engine: Engine, paths: Collection[str], salt: str) -> None:
        self._engine = engine
        self._paths = paths
        self._salt = salt
        self._commit: tuple[int, str | None] = (-1, None)

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _params: object
    ) -> None:
        """Tell that nothing has changed, before any work is done."""
        if req.method not in ("GET", "HEAD") or req.uri_template not in self._paths:
            return
        if req.uri_template == ARTICLE and not prefers_page(req):
            return  # an article has a tag of its own; its page also shows what is like it
        # Taken before the search: what is committed meanwhile makes the tag too old, never wrong.
        tag = req.context.etag = self._tag(req)
        if tag in (req.if_none_match or ()):
            resp.status = falcon.HTTP_304
            resp.complete = True

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Name the state that was answered from."""
        tag = getattr(req.context, "etag", None)
        if tag and resp.status_code in (200, 304):
            resp.set_header("ETag", tag.dumps())
            resp.set_header("Cache-Control", "no-cache")  # kept, and asked about each time

    def _tag(self, req: falcon.Request) -> falcon.ETag:
        generation = self._engine.generation()
        if self._commit[0] != generation:
            # An index made anew counts from one again; the time of its last commit differs.
            self._commit = (generation, self._engine.last_commit())
        # A page also changes with its look, and offers the latest days.
        shown = (look(), datetime.now(ROME).date()) if _page(req) else ()
        parts = (*self._commit, self._salt, req.context.prefix, req.relative_uri, *shown)
        tag = falcon.ETag(blake2b(repr(parts).encode(), digest_size=12).hexdigest())
        tag.is_weak = True
        return tag


def _page(req: falcon.Request) -> bool:
    return req.uri_template == HOME or prefers_page(req)
