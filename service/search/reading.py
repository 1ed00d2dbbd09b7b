"""One article to be read: what a search looks for is marked, what is like it stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.articles import Article
from indexer.engines.contract import Engine, Scope
from service.limits import DEFAULTS, Limits
from service.search.request import SearchRequest
from service.search.searching import ask
from service.search.similar import SimilarArticle, similar
from service.snippets import Marked, mark
from service.snippets.paragraphs import paragraphs

SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, its title and paragraphs as they are read, and the articles like it."""

    article: Article
    title: Marked
    paragraphs: tuple[Marked, ...]
    similar: tuple[SimilarArticle, ...]


def read(engine: Engine, article_id: str, q: str = "", limits: Limits = DEFAULTS) -> Reading | None:
    """Return the article with this id, the words of *q* marked; None where there is none.

    Raise QueryError or EngineError.
    """
    stored = engine.get(article_id)
    if stored is None:
        return None
    article = stored.article
    widened, _ = ask(engine, SearchRequest(q=q, limits=limits))
    marks = widened.parsed.marks
    like = similar(engine, article_id, SIMILAR)
    shown = Scope.TEXT if article.title_derived else Scope.TITLE
    return Reading(
        article,
        mark(article.title, marks, shown),
        paragraphs(article.text, marks),
        like.results if like else (),
    )
