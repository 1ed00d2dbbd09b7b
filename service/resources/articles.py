"""GET /articles/{id}: one article, whole: as JSON, or as a page where a browser asks."""

from __future__ import annotations

from dataclasses import fields, replace

import falcon

from indexer.engines.contract import Engine, StoredArticle
from service.page.article import article_page
from service.resources.negotiation import prefers_page, send_page
from service.resources.parameters import Number, read_given
from service.resources.problems import Problem
from service.resources.search import Q
from service.search.reading import read

RAW = Number(name="raw", meaning="1 adds the text before cleaning.", default=0, lowest=0, highest=1)
MARKED = replace(
    Q, meaning="What the page marks, where a browser asks; changes nothing of the JSON."
)
PARAMETERS = (RAW, MARKED)


class ArticleResource:
    """Answers one article; its text before cleaning only on request."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Bring the article."""
        if prefers_page(req):
            self._show(req, resp, article_id)
            return
        raw = bool(read_given(req.params, PARAMETERS)[RAW])
        stored = self._engine.get(article_id)
        if stored is None:
            raise no_article()
        resp.media = _whole(stored, raw=raw)

    on_head = on_get

    def _show(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        # As in the search page, what others have added to a link is no reason to refuse it.
        given = read_given({"q": req.params.get("q", "")}, PARAMETERS)
        reading = read(self._engine, article_id, given[MARKED])
        if reading is None:
            raise no_article()
        send_page(resp, article_page(reading, given[MARKED]))


def no_article() -> Problem:
    """Return the problem of an id that no article has."""
    return Problem(
        404,
        "article-not-found",
        "The index holds no article with this id; /search answers the ids it holds.",
    )


def _whole(stored: StoredArticle, *, raw: bool) -> dict[str, object]:
    article = stored.article
    values = {field.name: getattr(article, field.name) for field in fields(article)}
    values["extra"] = dict(article.extra)
    values["indexed_at"] = stored.indexed_at
    if not raw:
        del values["raw"]
    return values
