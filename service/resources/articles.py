"""GET /articles/{id}: one article, whole."""

from __future__ import annotations

from dataclasses import fields

import falcon

from indexer.engines.contract import Engine, StoredArticle
from service.resources.parameters import Number, read_given
from service.resources.problems import Problem

RAW = Number(name="raw", meaning="1 adds the text before cleaning.", default=0, lowest=0, highest=1)
PARAMETERS = (RAW,)


class ArticleResource:
    """Answers one article; its text before cleaning only on request."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Bring the article."""
        raw = bool(read_given(req.params, PARAMETERS)[RAW])
        stored = self._engine.get(article_id)
        if stored is None:
            raise no_article()
        resp.media = _whole(stored, raw=raw)

    on_head = on_get


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
