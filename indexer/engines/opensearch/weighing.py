"""The first hits weighed exactly, by ranking.py, from the words that the cluster kept of them.

Lucene's first NEAR_DEPTH  →  scores by the formula, neighbours included  →  their order
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

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
    StoredArticle,
    Word,
)
from indexer.engines.expansion import lead
from indexer.engines.opensearch.entry import stored_in, term, values_of
from indexer.engines.opensearch.matching import PARTS, STEMS, FormsOf
from indexer.engines.opensearch.places import Place, Terms
from indexer.engines.opensearch.statistics import Statistics, Term
from indexer.engines.order import date_of
from indexer.italian import fold

_FACTORS = {scope: ranking.TITLE if scope is Scope.TITLE else 1.0 for scope in Scope}


class Candidate:
    """One of the first hits."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source
        self.id: str = source["id"]
        self.day: int = source["day"]
        self.length: int = source["length"]
        self._places: dict[tuple[Scope, Terms], list[Place]] = {}

    @cached_property
    def stored(self) -> StoredArticle:
        """The article."""
        return stored_in(self._source)

    def places(self, part: Scope, terms: Terms) -> list[Place]:
        """Return where *terms* stand in a part."""
        at = (part, terms)
        if at not in self._places:
            words = self._source.get(f"{part.value}_{terms.kind}", "")
            self._places[at] = terms.places(words)
        return self._places[at]


class Weighing:
    """What one query is worth in each of the candidates."""

    def __init__(self, statistics: Statistics, forms_of: FormsOf) -> None:
        self._statistics = statistics
        self._forms_of = forms_of
        self._wide: dict[Term, Terms | None] = {}
        self._exact: dict[str, Terms] = {}

    def score(self, candidate: Candidate, clause: Clause, *, held: bool = True) -> float:
        """Return the score of *clause*, without what neighbours earn; 0 where it does not hold.

        That it is *held* is known of a whole query, and of what it asks for.
        """
        match clause:
            case Word() | Prefix() | Fuzzy():
                return self._term(candidate, clause)
            case AnyOf(clauses):
                return sum(self.score(candidate, each, held=False) for each in clauses)
            case Is() | Between() | Not():
                return 0.0
        if not held and not self.holds(candidate, clause):
            return 0.0
        if isinstance(clause, AllOf):
            return sum(self.score(candidate, each) for each in clause.clauses)
        words = (replace(word, scope=clause.scope) for word in clause.words)
        return sum(self._term(candidate, word) for word in words)

    def nearness(self, candidate: Candidate, clause: Clause) -> float:
        """Return what the neighbours of the query earn where they stand close together."""
        return sum(self._near(candidate, *pair) for pair in ranking.neighbours(clause))

    def recency(self, candidate: Candidate) -> float:
        """Return what a score is worth in the order MIX."""
        newest, own = self._statistics.newest, date_of(candidate.day)
        return ranking.recency((newest - own).days if newest and own else None)

    def holds(self, candidate: Candidate, clause: Clause) -> bool:
        """Tell whether *clause* holds, in a part of the query that others hold without."""
        match clause:
            case Word() | Prefix() | Fuzzy():
                return any(
                    candidate.places(part, terms)
                    for terms in (self._wide_terms(clause), self._exact_terms(clause))
                    if terms
                    for part in _parts(clause.scope)
                )
            case Phrase(words, scope):
                forms = [self._form(fold(word.form)) for word in words]
                return any(_together(candidate, part, forms) for part in _parts(scope))
            case Is(field, values):
                wanted = {fold(value) for value in values}
                its = values_of(candidate.stored.article, field)
                return any(fold(value) in wanted for value in its)
            case Between(first, last):
                own = date_of(candidate.day)
                return own is not None and (first or own) <= own <= (last or own)
            case AllOf(clauses):
                return all(self.holds(candidate, each) for each in clauses)
            case AnyOf(clauses):
                return any(self.holds(candidate, each) for each in clauses)
            case Not(each):
                return not self.holds(candidate, each)

    def _term(self, candidate: Candidate, clause: Term) -> float:
        score = 0.0
        if (wide := self._wide_terms(clause)) and (found := self._bm25(candidate, clause, wide)):
            score = found * self._statistics.wide(clause)
        exact = self._exact_terms(clause)
        if found := self._bm25(candidate, clause, exact):
            preference = ranking.EXACT * _agreement(candidate, clause, exact)
            score += preference * found * self._statistics.exact(clause)
        return score * (clause.weight if isinstance(clause, Word) else 1.0)

    def _bm25(self, candidate: Candidate, clause: Term, terms: Terms) -> float:
        frequency = sum(
            _FACTORS[part] * len(candidate.places(part, terms)) for part in _parts(clause.scope)
        )
        if not frequency:
            return 0.0
        relative = self._relative(candidate) if clause.scope in STEMS else 1.0
        return ranking.weight(frequency, relative)

    def _near(self, candidate: Candidate, scope: Scope, one: str, other: str) -> float:
        words = [Word(stem, stem, scope) for stem in (one, other)]
        terms = [self._wide_terms(word) for word in words]
        assert terms[0]
        assert terms[1]
        frequency = 0.0
        for part in _parts(scope):
            others = {place.position for place in candidate.places(part, terms[1])}
            frequency += _FACTORS[part] * sum(
                any(
                    step and place.position + step in others
                    for step in range(-ranking.NEAR_WINDOW, ranking.NEAR_WINDOW + 1)
                )
                for place in candidate.places(part, terms[0])
            )
        if not frequency:
            return 0.0
        rarity = sum(map(self._statistics.wide, words)) / 2
        return ranking.NEAR * rarity * ranking.weight(frequency, self._relative(candidate))

    def _relative(self, candidate: Candidate) -> float:
        return self._statistics.relative_length(candidate.length)

    def _wide_terms(self, clause: Term) -> Terms | None:
        if clause not in self._wide:
            self._wide[clause] = self._made(clause)
        return self._wide[clause]

    def _made(self, clause: Term) -> Terms | None:
        match clause:
            case Word(_, stem, scope):
                return Terms("stems", term(stem)) if stem and scope in STEMS else None
            case Prefix():
                return Terms("forms", term(lead(clause)), whole=False)
            case Fuzzy():
                forms = frozenset(map(term, self._forms_of(clause)))
                return Terms("forms", lead(clause), whole=False, among=forms)

    def _exact_terms(self, clause: Term) -> Terms:
        return self._form(fold(clause.form))

    def _form(self, form: str) -> Terms:
        if form not in self._exact:
            self._exact[form] = Terms("forms", term(form))
        return self._exact[form]


def _parts(scope: Scope) -> tuple[Scope, ...]:
    return PARTS.get(scope, (scope,))


def _agreement(candidate: Candidate, clause: Term, exact: Terms) -> float:
    if clause.scope not in STEMS:
        return 1.0
    written = [
        place.written for part in PARTS[Scope.ARTICLE] for place in candidate.places(part, exact)
    ]
    capital = isinstance(clause, Word) and clause.capital
    accented = 2 * sum("a" in each for each in written) >= len(written)
    return ranking.agreement(
        accents=accented is (fold(clause.form) != clause.form),
        case=not capital or 2 * sum("c" in each for each in written) >= len(written),
    )


def _together(candidate: Candidate, part: Scope, forms: Sequence[Terms]) -> bool:
    there = [{place.position for place in candidate.places(part, form)} for form in forms]
    return any(all(begin + step in its for step, its in enumerate(there)) for begin in there[0])
