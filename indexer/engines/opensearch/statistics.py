"""What scores are reckoned over: how many articles there are, how long, and who holds each term."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Clause,
    Fuzzy,
    Phrase,
    Prefix,
    Word,
)
from indexer.engines.opensearch import counting, matching
from indexer.engines.opensearch.matching import FormsOf
from indexer.engines.opensearch.places import Array
from indexer.engines.opensearch.refusals import Json

Term = Word | Prefix | Fuzzy


class Statistics:
    """The counts that the score of one clause needs, all asked at once."""

    def __init__(self, clause: Clause, forms_of: FormsOf) -> None:
        self._forms_of = forms_of
        asked = [
            query
            for term in dict.fromkeys(_terms(clause))
            for query in (matching.wide(term, forms_of), matching.exact(term))
        ]
        self._queries = list({json.dumps(query): query for query in asked}.values())
        self._holding: dict[str, int] = {}
        self._wide: dict[Term, float] = {}
        self._exact: dict[Term, float] = {}
        self.articles = 0
        self.newest: date | None = None
        self._words = 0

    @property
    def needed(self) -> bool:
        """Whether anything scores."""
        return bool(self._queries)

    def searches(self) -> list[Json]:
        """Return the searches to be made."""
        return [counting.TOTALS, *map(counting.number_of, self._queries)]

    def take(self, answers: Sequence[Json]) -> None:
        """Take in the answers to `searches`."""
        totals = counting.totals(answers[0])
        self.articles, self._words, self.newest = totals.articles, totals.words, totals.newest
        found = map(counting.total, answers[1:])
        self._holding = {
            json.dumps(query): number for query, number in zip(self._queries, found, strict=True)
        }

    def relative_lengths(self, words: Array) -> Array:
        """Return how long articles of so many *words* are beside the mean."""
        if not self._words:
            return np.ones(len(words))
        relative: Array = words * self.articles / self._words
        return relative

    def wide(self, term: Term) -> float:
        """Return how telling the term is that finds."""
        if term not in self._wide:
            self._wide[term] = self._idf(matching.wide(term, self._forms_of))
        return self._wide[term]

    def exact(self, term: Term) -> float:
        """Return how telling the term is that prefers."""
        if term not in self._exact:
            self._exact[term] = self._idf(matching.exact(term))
        return self._exact[term]

    def _idf(self, query: Json) -> float:
        holding = self._holding[json.dumps(query)]
        # Of two counts one may already have seen a commit.
        return ranking.idf(max(self.articles, holding), holding)


def _terms(clause: Clause) -> Iterator[Term]:
    match clause:
        case Word() | Prefix() | Fuzzy():
            yield clause
        case Phrase():
            yield from clause.scoring
        case AllOf(clauses) | AnyOf(clauses):
            for each in clauses:
                yield from _terms(each)
