"""One search: what Lucene finds, its first hits weighed exactly, as a page.

    clause → query DSL ─→ the first NEAR_DEPTH ─→ weighed by the formula ─→ page
                       └→ those behind, in Lucene's order, their scores scaled to fit ─┘

What the index holds in all and how many articles hold each term is asked in the same request, and
remembered until the next commit (remembered.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from indexer.engines import ranking
from indexer.engines.contract import Hit, Page, Place, Query, Sort
from indexer.engines.opensearch import counting, facet, matching
from indexer.engines.opensearch.candidates import Candidates
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.entry import HIT_SOURCES, LATEST, RANKED_SOURCES, stored_in, term
from indexer.engines.opensearch.lexicon import Lexicon
from indexer.engines.opensearch.matching import FormsOf
from indexer.engines.opensearch.refusals import Json
from indexer.engines.opensearch.remembered import Remembered
from indexer.engines.opensearch.statistics import Statistics
from indexer.engines.opensearch.weighing import Weighing
from indexer.engines.order import UNDATED

_FAR = 10_000  # hits; before it is gone there, the total is asked
_TIES: list[Json] = [{"day": "desc"}, {"id": "asc"}]
_SORTS: dict[Sort, list[Json]] = {
    Sort.RELEVANCE: _TIES,  # where nothing scores
    Sort.MIX: _TIES,
    Sort.NEWEST: _TIES,
    Sort.OLDEST: [{"oldest": "asc"}, {"id": "asc"}],
    Sort.TITLE: [{"title_order": "asc"}, *_TIES],
}


class Search:
    """One query put to the index that the connection's name stands for."""

    def __init__(
        self, connection: Connection, lexicon: Lexicon, remembered: Remembered, query: Query
    ) -> None:
        self._connection = connection
        self._remembered = remembered
        self._query = query
        self._forms_of: FormsOf = cache(lexicon.of)
        self._statistics = Statistics(query.clause, self._forms_of)

    def page(self, offset: int, limit: int) -> Page:
        """Return the hits number *offset* to *offset + limit*."""
        if self._query.sort.by_score and self._statistics.needed:
            hits, answer = self._by_score(offset, limit)
        else:
            hits, answer = self._in_order(offset, limit)
        counted = facet.Counted(self._connection, self._matching(), answer)
        return Page(
            hits=hits,
            total=counting.total(answer),
            facets=counted.facets(self._query.facets),
            days=counted.days() if self._query.days else (),
        )

    def _in_order(self, offset: int, limit: int) -> tuple[tuple[Hit, ...], Json]:
        matching, hits = self._matching(), list[Json]()
        asked: dict[str, Any] = {
            **self._counting(matching, _SORTS[self._query.sort]),
            "_source": HIT_SOURCES,
        }
        window: dict[str, Any] = {"from": offset, "size": limit}
        if self._query.after:
            # Behind a place the cluster goes on from there, and counts nothing over.
            behind = _behind(self._query.after, self._query.sort)
            window = {"size": offset + limit, "search_after": behind}
        if offset + limit > _FAR and counting.total(answer := self._ask(asked)) <= offset:
            return (), answer
        answer = self._ask({**asked, **window})
        hits = answer["hits"]["hits"][offset if self._query.after else 0 :]
        return tuple(_hit(each["_source"], 0.0) for each in hits), answer

    def _by_score(self, offset: int, limit: int) -> tuple[tuple[Hit, ...], Json]:
        depth = ranking.NEAR_DEPTH
        statistics = self._statistics
        scoring, sort = self._scoring(), [{"_score": "desc"}, *_TIES]
        first = {
            **self._counting(scoring, sort),
            "size": depth if limit else 0,
            "_source": RANKED_SOURCES,
        }
        answer, counted = self._remembered.ask(first, statistics.searches())
        statistics.take(counted)
        candidates = Candidates([each["_source"] for each in answer["hits"]["hits"]])
        scores, least = self._weighed(candidates, answer)
        hits = [
            _hit(candidates.sources[place], scores[place])
            for place in _ranked(candidates, scores)[offset : offset + limit]
        ]
        begin, end = max(depth, offset), offset + limit
        if end > depth and begin < counting.total(answer):
            search = {
                "query": scoring,
                "sort": sort,
                "from": begin,
                "size": end - begin,
                "_source": HIT_SOURCES,
            }
            behind = self._ask(search)["hits"]["hits"]
            hits += [_hit(each["_source"], least * each["sort"][0]) for each in behind]
        return tuple(hits), answer

    def _weighed(self, candidates: Candidates, answer: Json) -> tuple[list[float], float]:
        """Return the scores of the first hits, and what those behind them are multiplied by."""
        if not len(candidates):
            return [], 0.0
        weighing = Weighing(candidates, self._statistics, self._forms_of)
        clause = self._query.clause
        worth = weighing.recency() if self._query.sort is Sort.MIX else 1.0
        scores = worth * weighing.score(clause)
        roughly = answer["hits"]["hits"][-1]["sort"][0]
        least = float(scores.min()) / roughly if roughly else 0.0
        return (scores + worth * weighing.nearness(clause)).tolist(), least

    def _counting(self, query: Json, sort: Sequence[Json]) -> dict[str, Any]:
        return {
            "query": query,
            "sort": sort,
            "size": 0,
            "track_total_hits": True,
            "aggs": facet.asked(self._query),
        }

    def _scoring(self) -> Json:
        scoring = matching.scoring(self._query.clause, self._forms_of)
        if self._query.sort is not Sort.MIX:
            return scoring
        (answer,) = counting.ask(self._connection, self._connection.address.name, [counting.TOTALS])
        return _aging(scoring, counting.totals(answer))

    def _matching(self) -> Json:
        return {"bool": {"filter": [matching.filtering(self._query.clause, self._forms_of)]}}

    def _ask(self, search: Json) -> Json:
        (answer,) = counting.ask(self._connection, self._connection.address.name, [search])
        return answer


def _ranked(candidates: Candidates, scores: Sequence[float]) -> list[int]:
    """Return the places of the candidates, the best first."""
    days, sources = candidates.days, candidates.sources
    places = range(len(candidates))
    return sorted(places, key=lambda at: (-scores[at], -days[at], sources[at]["id"]))


def _aging(query: Json, totals: counting.Totals) -> Json:
    if not totals.newest:
        return query
    decay = {"origin": totals.newest.toordinal(), "scale": ranking.HALF_LIFE, "decay": 0.5}
    dated = {"filter": {"exists": {"field": "age"}}, "exp": {"age": decay}}
    return {
        "function_score": {
            "query": query,
            "functions": [{**dated, "weight": 1 - ranking.OLD}, {"weight": ranking.OLD}],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _behind(after: Place, sort: Sort) -> list[Any]:
    match sort:
        case Sort.OLDEST:
            return [after.day if after.day != UNDATED else LATEST, term(after.id)]
        case Sort.TITLE:
            title = f"0{term(after.title)}" if after.title else "1"
            return [title, after.day, term(after.id)]
        case _:
            return [after.day, term(after.id)]


def _hit(source: Json, score: float) -> Hit:
    return Hit(stored_in(source).article, score)
