"""One search: what a reader asks in, what a reader sees out.

parse      the words             →  a clause, what to mark, warnings
filter     source=, from= …      →  more clauses; all must hold
search     the engine            →  a page of hits, the total, facets
present    each hit              →  a result: marked title, snippets
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from time import perf_counter

from msgspec.structs import replace

from indexer.articles import Article
from indexer.engines.contract import Engine, Hit, Page, Query, Word
from indexer.engines.order import place
from service.query import parse
from service.search.cursor import Cursor
from service.search.explanation import Explanation, explain
from service.search.nothing import why_nothing
from service.search.request import PATH, SearchRequest
from service.search.results import Count, Result, Results
from service.search.searching import ask, find
from service.search.suggestion import suggest
from service.search.variants import Widened
from service.snippets import Shown, show

__all__ = [
    "PATH",
    "Count",
    "Result",
    "Results",
    "SearchRequest",
    "answer",
    "counts",
    "prepare",
    "search",
]

MOST_FACET_VALUES = 100  # the most frequent ones; an archive may have ten thousand authors


def search(engine: Engine, request: SearchRequest) -> Results:
    """Answer *request* from *engine*. Raise QueryError or EngineError."""
    return answer(engine, request)[0]


def answer(engine: Engine, request: SearchRequest, *, days: bool = False) -> tuple[Results, Page]:
    """Answer *request*, and hand over the page found, with its *days* where they are wanted."""
    started = perf_counter()
    # Half a surrogate pair cannot be written as UTF-8: not into the answer, not into a path.
    q = request.q.encode(errors="replace").decode()
    request = request if q == request.q else replace(request, q=q)
    widened, clause = ask(engine, request)
    query = Query(
        clause,
        request.sort,
        request.facets,
        request.cursor.after if request.cursor else None,
        days,
        texts=request.snippets > 0 or request.explain,
    )
    page, following = _turned(engine, query, request)
    shown = show(
        [hit.article for hit in page.hits],
        widened.parsed.marks,
        count=request.snippets,
        length=request.snippet_length,
    )
    results = Results(
        query=q,
        total=page.total,
        offset=request.offset,
        limit=request.limit,
        warnings=_warnings(engine, widened, page),
        suggestion=_suggestion(engine, request, widened, page, shown),
        next=following,
        facets=counts(page) if page.facets else {},
        results=_results(page.hits, shown, widened, explained=request.explain),
        took_ms=round((perf_counter() - started) * 1000, 1),
    )
    return results, page


def _warnings(engine: Engine, widened: Widened, page: Page) -> tuple[str, ...]:
    warnings = widened.warnings()
    return warnings if page.total else (*warnings, *why_nothing(engine, widened.parsed))


def _suggestion(
    engine: Engine, request: SearchRequest, widened: Widened, page: Page, shown: Iterable[Shown]
) -> str | None:
    if request.offset or request.cursor:
        return None  # who turns pages has found what they meant
    marks = widened.parsed.marks
    stems = Counter(mark.stem for mark in marks if isinstance(mark, Word))
    standing = {
        word.form
        for term in frozenset().union(*(each.exact for each in shown))
        if isinstance(word := marks[term], Word) and stems[word.stem] == 1
    }
    without = widened.without()
    return suggest(engine, request.q, without, page.total, request.limits, standing)


def prepare() -> None:
    """Load the tables of the Italian chain, which the first search would else wait for."""
    text = "Un piano di pace."
    show([Article(id="1", text=text)], parse(text).marks)


def _turned(engine: Engine, query: Query, request: SearchRequest) -> tuple[Page, str | None]:
    """Return the page asked for, and the path of the one that follows."""
    walking = request.cursor is not None  # its total does not tell how many are still to come
    limit = request.limit + walking
    page = find(engine, query, offset=request.offset, limit=limit)
    if walking:
        hits = page.hits[: request.limit]
        if len(page.hits) <= request.limit:
            return page, None
        last = Cursor(request.sort, place(hits[-1].article))
        return replace(page, hits=hits), replace(request, cursor=last).path()
    offset = request.offset + request.limit
    return page, request.path(offset) if offset < page.total else None


def _results(
    hits: Iterable[Hit], shown: Iterable[Shown], widened: Widened, *, explained: bool
) -> tuple[Result, ...]:
    marks, variants = widened.parsed.marks, widened.variants
    return tuple(
        _result(hit, its, explain(hit.article, marks, variants) if explained else None)
        for hit, its in zip(hits, shown, strict=True)
    )


def _result(hit: Hit, shown: Shown, explanation: Explanation | None) -> Result:
    article = hit.article
    return Result(
        id=article.id,
        title=article.title,
        title_html=shown.title.html,
        date=article.date,
        source=article.source,
        author=article.author,
        section=article.section,
        tags=article.tags,
        url=article.url,
        score=round(hit.score, 4),
        explanation=explanation,
        snippets=shown.snippets,
    )


def counts(page: Page) -> dict[str, tuple[Count, ...]]:
    """Return the most frequent values of the fields that *page* counts, most frequent first."""
    return {
        field.value: tuple(
            Count(value, count)
            for value, count in sorted(counts, key=lambda pair: (-pair[1], pair[0]))
        )[:MOST_FACET_VALUES]
        for field, counts in page.facets.items()
    }
