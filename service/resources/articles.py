"""GET, PUT and DELETE /articles/{id}: one article, whole; also a page, where a browser asks.

Its tag changes with every change of it, and with nothing else: sent back as If-None-Match it
spares an answer, as If-Match it keeps a change from overwriting another's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import falcon
from msgspec import structs

from indexer.engines.contract import Engine, StoredArticle
from service.limits import Limits
from service.metrics import REFUSED, Metrics
from service.page.article import article_page
from service.resources.compression import unpacked
from service.resources.conditions import condition, tags
from service.resources.negotiation import prefers_page, send_page
from service.resources.parameters import Number, read_given
from service.resources.problems import Problem
from service.resources.search import Q
from service.resources.uploads import read_body, type_of
from service.search.reading import read
from service.writing.orders import (
    ANY,
    TAKEN,
    Delete,
    Outcome,
    Put,
    Result,
    Taken,
    tag_of,
)
from service.writing.reading import InvalidArticle, read_article
from service.writing.writer import Writer

RAW = Number(name="raw", meaning="1 adds the text before cleaning.", default=0, lowest=0, highest=1)
MARKED = replace(
    Q, meaning="What the page marks, where a browser asks; changes nothing of the JSON."
)
PARAMETERS = (RAW, MARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenArticle:
    """What became of an article that was sent."""

    id: str
    result: Taken
    indexed_at: str


class ArticleResource:
    """Answers one article, its text before cleaning only on request; takes it, lets it go."""

    def __init__(self, engine: Engine, writer: Writer, metrics: Metrics, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits
        self._writer = writer
        self._metrics = metrics

    def on_get(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Bring the article."""
        if prefers_page(req):
            self._show(req, resp, article_id)
            return
        raw = bool(read_given(req.params, PARAMETERS)[RAW])
        stored = self._engine.get(article_id)
        if stored is None:
            raise no_article()
        tag = tag_of(stored)
        resp.set_header("ETag", f'"{tag}"')
        resp.set_header("Cache-Control", "no-cache")  # kept, and asked about each time
        known = (each.text for each in tags(req, "If-None-Match"))
        if same := next((text for text in known if unpacked(text) in (tag, ANY)), ""):
            resp.status = falcon.HTTP_304
            if same != ANY:
                resp.set_header("ETag", f'"{same}"')
            return
        resp.media = _whole(stored, raw=raw)

    on_head = on_get

    def _show(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        # As in the search page, what others have added to a link is no reason to refuse it.
        given = read_given({"q": req.params.get("q", "")}, PARAMETERS)
        reading = read(self._engine, article_id, given[MARKED], self._limits)
        if reading is None:
            raise no_article()
        send_page(resp, article_page(reading, given[MARKED]))

    def on_put(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Let the article in the body be there."""
        read_given(req.params)
        type_of(req, falcon.MEDIA_JSON)
        try:
            article = read_article(read_body(req, self._limits.article_bytes), article_id)
        except InvalidArticle:
            self._metrics.count(REFUSED, "article")
            raise
        take(self._writer, Put(article, condition(req)), resp)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Let no article with this id be there."""
        read_given(req.params)
        (outcome,) = self._writer.write([Delete(article_id, condition(req))])
        if outcome.result is Result.MISSING:
            raise no_article()
        if outcome.result is Result.PRECONDITION:
            raise _not_as_expected(outcome)
        resp.status = falcon.HTTP_204


def take(writer: Writer, put: Put, resp: falcon.Response) -> None:
    """Write *put* and answer what became of it. Raise Problem."""
    (outcome,) = writer.write([put])
    result = TAKEN.get(outcome.result)
    if result is None or outcome.indexed_at is None:
        raise _not_as_expected(outcome)
    resp.status = falcon.HTTP_201 if outcome.result is Result.CREATED else falcon.HTTP_200
    resp.set_header("ETag", f'"{outcome.tag}"')
    resp.media = WrittenArticle(id=put.id, result=result, indexed_at=outcome.indexed_at)


def no_article() -> Problem:
    """Return the problem of an id that no article has."""
    return Problem(
        404,
        "article-not-found",
        "The index holds no article with this id; /search answers the ids it holds.",
    )


def _not_as_expected(outcome: Outcome) -> Problem:
    return Problem(
        412,
        "precondition-failed",
        "The article is not what If-Match or If-None-Match asks for: read it again, and decide.",
        {"ETag": f'"{outcome.tag}"'} if outcome.tag else None,
    )


def _whole(stored: StoredArticle, *, raw: bool) -> dict[str, object]:
    article = stored.article
    values = structs.asdict(article)
    values["extra"] = dict(article.extra)
    values["indexed_at"] = stored.indexed_at
    if not raw:
        del values["raw"]
    return values
