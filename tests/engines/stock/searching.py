"""A query → a page: the articles that match, in order, and what is counted of them."""

from __future__ import annotations

from collections import Counter

from indexer.engines import facets, ranking
from indexer.engines.contract import Hit, Page, Query, Sort
from indexer.engines.order import date_of, days, sort_key
from tests.engines.stock.matching import Matching
from tests.engines.stock.snapshot import Snapshot


def search(snapshot: Snapshot, query: Query, offset: int, limit: int) -> Page:
    """Return the hits number *offset* to *offset + limit* of *query*."""
    matching = Matching(snapshot)
    scores = matching.holding(query.clause)

    def key(number: int) -> tuple[float | str, ...]:
        return sort_key(
            query.sort,
            score=scores[number],
            day=snapshot.days[number],
            title=snapshot.sort_titles[number],
            article_id=snapshot.ids[number],
        )

    if query.sort.by_score:
        worth = dict.fromkeys(scores, 1.0) if query.sort is Sort.RELEVANCE else _recency(snapshot)
        scores = {number: worth[number] * score for number, score in scores.items()}
        first = sorted(scores, key=key)[: ranking.NEAR_DEPTH]
        for number, nearness in matching.nearness(query.clause, frozenset(first)).items():
            scores[number] += worth[number] * nearness
    else:
        scores = dict.fromkeys(scores, 0.0)
    found = sorted(scores, key=key)
    if query.after:
        at = query.after
        last = sort_key(query.sort, score=0.0, day=at.day, title=at.title, article_id=at.id)
        found = [number for number in found if key(number) > last]
    return Page(
        hits=tuple(
            Hit(snapshot.article(number, raw=False).article, scores[number])
            for number in found[offset : offset + limit]
        ),
        total=len(scores),
        facets={
            field: facets.count(snapshot.values(field, scores.keys())) for field in query.facets
        },
        days=days(Counter(snapshot.days[number] for number in scores).items())
        if query.days
        else (),
    )


def _recency(snapshot: Snapshot) -> dict[int, float]:
    dates = {number: date_of(snapshot.days[number]) for number in snapshot.live}
    newest = max(filter(None, dates.values()), default=None)
    return {
        number: ranking.recency((newest - own).days if newest and own else None)
        for number, own in dates.items()
    }
