"""Clauses → the articles for which they hold, each with its score.

A clause is answered for all articles at once, as a mapping from article number to score: exactly,
exhaustively, over Whoosh's postings. Whoosh's own queries are not used, because they drop better
articles from a top ten and get some exclusions wrong (docs/decisions.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from indexer.engines import facets, ranking
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Fuzzy,
    Hit,
    Is,
    Not,
    Page,
    Phrase,
    Prefix,
    Query,
    Scope,
    Sort,
    Word,
)
from indexer.engines.expansion import expand, lead
from indexer.engines.order import UNDATED, day, sort_key
from indexer.engines.whoosh.schema import FORMS, STEMS
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.italian import fold

Scores = dict[int, float]

_PARTS = {
    Scope.ARTICLE: (Scope.TITLE, Scope.TEXT),
    Scope.TITLE: (Scope.TITLE,),
    Scope.TEXT: (Scope.TEXT,),
    Scope.AUTHOR: (Scope.AUTHOR,),
    Scope.SOURCE: (Scope.SOURCE,),
}


def search(snapshot: Snapshot, query: Query, offset: int, limit: int) -> Page:
    """Return the hits number *offset* to *offset + limit* of *query*."""
    asked = _Search(snapshot)
    scores = asked.holding(query.clause)

    def key(number: int) -> tuple[float | str, ...]:
        return sort_key(
            query.sort,
            score=scores[number],
            day=snapshot.days[number],
            title=snapshot.sort_titles[number],
            article_id=snapshot.ids[number],
        )

    if query.sort is Sort.RELEVANCE:
        first = sorted(scores, key=key)[: ranking.NEAR_DEPTH]
        scores = _sum([scores, asked.nearness(query.clause, frozenset(first))])
    else:
        scores = dict.fromkeys(scores, 0.0)
    return Page(
        hits=tuple(
            Hit(snapshot.article(number, raw=False).article, scores[number])
            for number in sorted(scores, key=key)[offset : offset + limit]
        ),
        total=len(scores),
        facets={
            field: facets.count(snapshot.values(field, scores.keys())) for field in query.facets
        },
    )


class _Search:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def holding(self, clause: Clause) -> Scores:
        """Return the articles for which *clause* holds, with their scores."""
        live = self._snapshot.live
        match clause:
            case Word() | Prefix() | Fuzzy():
                exact = self._bm25(clause.scope, FORMS, [fold(clause.form)])
                return _sum([self._wide(clause), _times(ranking.EXACT, exact)])
            case Phrase(words, scope):
                scores = _sum(self.holding(replace(word, scope=scope)) for word in words)
                return {number: scores[number] for number in self._together(words, scope)}
            case Is(field, values):
                holders = (self._snapshot.frequencies(field.value, fold(v)) for v in values)
                return {number: 0.0 for found in holders for number, _ in found}
            case Between(first, last):
                from_day = day(first.isoformat()) if first else UNDATED + 1
                to_day = day(last.isoformat()) if last else day("9999-12-31")
                days = self._snapshot.days
                return {number: 0.0 for number in live if from_day <= days[number] <= to_day}
            case AllOf(clauses):
                found = [self.holding(each) for each in clauses]
                scores = _sum(found)
                common = set(live).intersection(*found)
                return {number: scores.get(number, 0.0) for number in common}
            case AnyOf(clauses):
                return _sum(self.holding(each) for each in clauses)
            case Not(each):
                excluded = self.holding(each)
                return {number: 0.0 for number in live if number not in excluded}

    def nearness(self, clause: Clause, among: frozenset[int]) -> Scores:
        """Return what these articles earn for neighbours of the query that stand together."""
        return _sum(self._near(a, b, among) for a, b in ranking.neighbours(clause))

    def _wide(self, clause: Word | Prefix | Fuzzy) -> Scores:
        if isinstance(clause, Word):
            return self._bm25(clause.scope, STEMS, [clause.stem] if clause.stem else [])
        fields = [FORMS[part] for part in _PARTS[clause.scope]]
        lexicon = {form for name in fields for form in self._snapshot.lexicon(name, lead(clause))}
        return self._bm25(clause.scope, FORMS, expand(clause, lexicon))

    def _bm25(self, scope: Scope, fields: Mapping[Scope, str], terms: Iterable[str]) -> Scores:
        frequencies: defaultdict[int, float] = defaultdict(float)
        for part in _PARTS[scope]:
            for term in terms if part in fields else ():
                for number, times in self._snapshot.frequencies(fields[part], term):
                    frequencies[number] += _factor(part) * times
        return _times(self._idf(len(frequencies)), self._weights(scope, frequencies))

    def _near(self, a: Word, b: Word, among: frozenset[int]) -> Scores:
        together: defaultdict[int, float] = defaultdict(float)
        for part in _PARTS[a.scope]:
            others = dict(self._places(part, b, among))
            for number, places in self._places(part, a, among):
                if times := sum(_near_any(place, others.get(number, ())) for place in places):
                    together[number] += _factor(part) * times
        rarity = (self._idf(self._holders(a)) + self._idf(self._holders(b))) / 2
        return _times(ranking.NEAR * rarity, self._weights(a.scope, together))

    def _places(
        self, part: Scope, word: Word, among: frozenset[int]
    ) -> Iterator[tuple[int, list[int]]]:
        return self._snapshot.positions(STEMS[part], word.stem or "", among)

    def _holders(self, word: Word) -> int:
        return len(self._bm25(word.scope, STEMS, [word.stem or ""]))

    def _weights(self, scope: Scope, frequencies: Mapping[int, float]) -> Scores:
        relative_length = (
            (lambda number: 1.0)
            if scope in (Scope.AUTHOR, Scope.SOURCE)
            else self._snapshot.relative_length
        )
        return {
            number: ranking.weight(frequency, relative_length(number))
            for number, frequency in frequencies.items()
        }

    def _idf(self, holding: int) -> float:
        return ranking.idf(len(self._snapshot.live), holding)

    def _together(self, words: tuple[Word, ...], scope: Scope) -> set[int]:
        forms = [fold(word.form) for word in words]
        return {number for part in _PARTS[scope] for number in self._starts(forms, FORMS[part])}

    def _starts(self, forms: list[str], field: str) -> set[int]:
        starts: dict[int, set[int]] = {}
        for step, form in enumerate(forms):
            found = self._snapshot.positions(field, form, frozenset(starts) if step else None)
            shifted = {number: {place - step for place in places} for number, places in found}
            starts = {
                number: left
                for number, places in shifted.items()
                if (left := places & starts[number] if step else places)
            }
        return set(starts)


def _sum(found: Iterable[Scores]) -> Scores:
    total: defaultdict[int, float] = defaultdict(float)
    for scores in found:
        for number, score in scores.items():
            total[number] += score
    return dict(total)


def _times(factor: float, scores: Scores) -> Scores:
    return {number: factor * score for number, score in scores.items()}


def _factor(part: Scope) -> float:
    return ranking.TITLE if part is Scope.TITLE else 1.0


def _near_any(place: int, others: Iterable[int]) -> bool:
    return any(0 < abs(place - other) <= ranking.NEAR_WINDOW for other in others)
