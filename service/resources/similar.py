"""GET /articles/{id}/similar: articles that tell of the same, and why."""

from __future__ import annotations

import falcon

from indexer.engines.contract import Engine
from service.resources.articles import no_article
from service.resources.parameters import Number, read_given
from service.search.similar import similar

LIMIT = Number(
    name="limit", meaning="How many articles to answer.", default=5, lowest=1, highest=50
)
PARAMETERS = (LIMIT,)


class SimilarResource:
    """Answers the articles like one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_get(self, req: falcon.Request, resp: falcon.Response, article_id: str) -> None:
        """Find the articles like this one."""
        limit = read_given(req.params, PARAMETERS)[LIMIT]
        found = similar(self._engine, article_id, limit)
        if found is None:
            raise no_article()
        resp.media = found

    on_head = on_get
