"""Clauses → the articles for which they hold, each with its score.

A clause is answered for all articles at once, as a mapping from article number to score: exactly,
exhaustively, over Whoosh's postings. Whoosh's own queries are not used, because they drop better
articles from a top ten and get some exclusions wrong (docs/decisions.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sized

from msgspec.structs import replace

from indexer.engines import ranking
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Prefix,
    Scope,
    Word,
)
from indexer.engines.expansion import expand, lead
from indexer.engines.order import UNDATED, day
from indexer.italian import fold
from tests.engines.stock.schema import ACCENTS, CAPITALS, FORMS, STEMS
from tests.engines.stock.snapshot import Snapshot

Scores = dict[int, float]

_PARTS = {
    Scope.ARTICLE: (Scope.TITLE, Scope.TEXT),
    Scope.TITLE: (Scope.TITLE,),
    Scope.TEXT: (Scope.TEXT,),
    Scope.AUTHOR: (Scope.AUTHOR,),
    Scope.SOURCE: (Scope.SOURCE,),
}
_FACTORS = {scope: ranking.TITLE if scope is Scope.TITLE else 1.0 for scope in Scope}


class Matching:
    """Puts clauses to the articles of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def holding(self, clause: Clause) -> Scores:
        """Return the articles for which *clause* holds, with their scores."""
        live = self._snapshot.live
        match clause:
            case Word() | Prefix() | Fuzzy():
                exact = self._bm25(clause.scope, FORMS, [fold(clause.form)])
                agreed = _times(ranking.EXACT, self._agreed(clause, exact))
                weight = clause.weight if isinstance(clause, Word) else 1.0
                return _times(weight, _sum([self._wide(clause), agreed]))
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

    def nearness(self, clause: Clause, among: Container[int]) -> Scores:
        """Return what these articles earn for neighbours of the query that stand together."""
        return _sum(self._near(*pair, among) for pair in ranking.neighbours(clause))

    def _wide(self, clause: Word | Prefix | Fuzzy) -> Scores:
        if isinstance(clause, Word):
            return self._bm25(clause.scope, STEMS, [clause.stem] if clause.stem else [])
        fields = [FORMS[part] for part in _PARTS[clause.scope]]
        lexicon = {form for name in fields for form in self._snapshot.lexicon(name, lead(clause))}
        return self._bm25(clause.scope, FORMS, expand(clause, lexicon))

    def _agreed(self, clause: Word | Prefix | Fuzzy, scores: Scores) -> Scores:
        """Return the *scores* of the exact form as far as articles write it like the query."""
        if clause.scope in (Scope.AUTHOR, Scope.SOURCE):
            return scores
        form = fold(clause.form)
        accented = {number for number, _ in self._snapshot.frequencies(ACCENTS, form)}
        capital = {number for number, _ in self._snapshot.frequencies(CAPITALS, form)}
        asks_capital = isinstance(clause, Word) and clause.capital
        return {
            number: score
            * ranking.agreement(
                accents=(number in accented) is (form != clause.form),
                case=not asks_capital or number in capital,
            )
            for number, score in scores.items()
        }

    def _bm25(self, scope: Scope, fields: Mapping[Scope, str], terms: Iterable[str]) -> Scores:
        frequencies = self._frequencies(scope, fields, terms)
        return _times(self._idf(frequencies), self._weights(scope, frequencies))

    def _frequencies(
        self, scope: Scope, fields: Mapping[Scope, str], terms: Iterable[str]
    ) -> dict[int, float]:
        frequencies: defaultdict[int, float] = defaultdict(float)
        for part in _PARTS[scope]:
            for term in terms if part in fields else ():
                for number, times in self._snapshot.frequencies(fields[part], term):
                    frequencies[number] += _FACTORS[part] * times
        return frequencies

    def _idf(self, holders: Sized) -> float:
        return ranking.idf(len(self._snapshot.live), len(holders))

    def _weights(self, scope: Scope, frequencies: Mapping[int, float]) -> Scores:
        if scope in (Scope.AUTHOR, Scope.SOURCE):
            return {number: ranking.weight(times, 1.0) for number, times in frequencies.items()}
        relative_length = self._snapshot.relative_length
        return {
            number: ranking.weight(times, relative_length(number))
            for number, times in frequencies.items()
        }

    def _near(self, scope: Scope, one: str, other: str, among: Container[int]) -> Scores:
        together: defaultdict[int, float] = defaultdict(float)
        for part in _PARTS[scope]:
            others = dict(self._snapshot.positions(STEMS[part], other, among))
            for number, places in self._snapshot.positions(STEMS[part], one, among):
                near = others.get(number, ())
                if times := sum(_any_near(place, near) for place in places):
                    together[number] += _FACTORS[part] * times
        rarities = [self._idf(self._frequencies(scope, STEMS, [stem])) for stem in (one, other)]
        return _times(ranking.NEAR * sum(rarities) / 2, self._weights(scope, together))

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


def _any_near(place: int, others: Iterable[int]) -> bool:
    return any(0 < abs(place - other) <= ranking.NEAR_WINDOW for other in others)
