"""The first hits weighed exactly, by ranking.py, from the words that the cluster kept of them.

Lucene's first NEAR_DEPTH  →  scores by the formula, neighbours included  →  their order

All of them are weighed at once: what is reckoned here is an array of one number for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

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
from indexer.engines.expansion import lead
from indexer.engines.opensearch.candidates import Candidates
from indexer.engines.opensearch.entry import ACCENTED, CAPITAL, term
from indexer.engines.opensearch.matching import PARTS, STEMS, FormsOf
from indexer.engines.opensearch.places import Array, Terms, within
from indexer.engines.opensearch.statistics import Statistics, Term
from indexer.engines.order import date_of
from indexer.italian import fold

_FACTORS = {scope: ranking.TITLE if scope is Scope.TITLE else 1.0 for scope in Scope}


class Weighing:
    """What one query is worth in each of the *candidates*."""

    def __init__(self, candidates: Candidates, statistics: Statistics, forms_of: FormsOf) -> None:
        self._candidates = candidates
        self._statistics = statistics
        self._forms_of = forms_of
        self._wide: dict[Term, Terms | None] = {}
        self._exact: dict[str, Terms] = {}
        self._relative = statistics.relative_lengths(candidates.lengths)

    def score(self, clause: Clause, *, held: bool = True) -> Array:
        """Return the scores of *clause*, without what neighbours earn; 0 where it does not hold.

        That it is *held* is known of a whole query, and of what it asks for.
        """
        match clause:
            case Word() | Prefix() | Fuzzy():
                return self._term(clause)
            case AnyOf(clauses):
                return self._sum(self.score(each, held=False) for each in clauses)
            case Is() | Between() | Not():
                return self._nothing
            case AllOf(clauses):
                score = self._sum(map(self.score, clauses))
            case Phrase():
                score = self._sum(map(self._term, clause.scoring))
        return score if held else np.where(self.holds(clause), score, 0.0)

    def nearness(self, clause: Clause) -> Array:
        """Return what the neighbours of the query earn where they stand close together."""
        return self._sum(self._near(*pair) for pair in ranking.neighbours(clause))

    def recency(self) -> Array:
        """Return what scores are worth in the order MIX."""
        newest = self._statistics.newest
        dates = map(date_of, self._candidates.days)
        ages = ((newest - own).days if newest and own else None for own in dates)
        return np.array([ranking.recency(age) for age in ages])

    def holds(self, clause: Clause) -> Array:
        """Tell where *clause* holds, in a part of the query that others hold without."""
        match clause:
            case Word() | Prefix() | Fuzzy():
                each = (self._wide_terms(clause), self._exact_terms(clause))
                found = (self._frequency(clause.scope, terms) for terms in each if terms)
                return self._any(found)
            case Phrase(words, scope):
                forms = [self._form(fold(word.form)) for word in words]
                found = (self._together(part, forms) for part in _parts(scope))
                return self._any(found)
            case Is(field, values):
                wanted = {fold(value) for value in values}
                name = f"{field.value}_key"
                return self._each(not wanted.isdisjoint(its.get(name, ())) for its in self._sources)
            case Between(first, last):
                dates = map(date_of, self._candidates.days)
                return self._each(
                    own is not None and (first or own) <= own <= (last or own) for own in dates
                )
            case AllOf(clauses):
                return np.asarray(np.all([self._all, *map(self.holds, clauses)], axis=0))
            case AnyOf(clauses):
                return np.asarray(np.any([~self._all, *map(self.holds, clauses)], axis=0))
            case Not(each):
                return ~self.holds(each)

    def _term(self, clause: Term) -> Array:
        score = self._nothing
        if wide := self._wide_terms(clause):
            score = score + self._bm25(clause.scope, wide) * self._statistics.wide(clause)
        exact = self._exact_terms(clause)
        found = self._bm25(clause.scope, exact)
        if found.any():
            preference = ranking.EXACT * self._agreement(clause, exact)
            score = score + preference * found * self._statistics.exact(clause)
        return score * (clause.weight if isinstance(clause, Word) else 1.0)

    def _bm25(self, scope: Scope, terms: Terms) -> Array:
        relative = self._relative if scope in STEMS else self._nothing + 1.0
        return _weight(self._frequency(scope, terms), relative)

    def _frequency(self, scope: Scope, terms: Terms) -> Array:
        frequency = self._nothing
        for part in _parts(scope):
            places = self._candidates.places(part, terms)
            if len(places.words):
                number = self._candidates.number(part, terms.kind, places.words)
                frequency = frequency + _FACTORS[part] * number
        return frequency

    def _near(self, scope: Scope, one: str, other: str) -> Array:
        words = [Word(stem, stem, scope) for stem in (one, other)]
        terms = [self._wide_terms(word) for word in words]
        assert terms[0]
        assert terms[1]
        frequency = self._nothing
        for part in _parts(scope):
            places, others = (self._candidates.places(part, each).words for each in terms if each)
            # The other stands near, but not as a second reading of the very same word.
            near = within(others, places, ranking.NEAR_WINDOW) > within(others, places, 0)
            if near.any():
                number = self._candidates.number(part, "stems", places[near])
                frequency = frequency + _FACTORS[part] * number
        rarity = sum(map(self._statistics.wide, words)) / 2
        return _weight(frequency, self._relative) * (ranking.NEAR * rarity)

    def _agreement(self, clause: Term, exact: Terms) -> Array:
        """Return how well accents and the capital of *clause* agree with how it is written."""
        if clause.scope not in STEMS:
            return self._nothing + 1.0
        number = accents = capitals = self._nothing
        for part in PARTS[Scope.ARTICLE]:
            places = self._candidates.places(part, exact)
            if not len(places.words):
                continue
            written = self._candidates.written(part, places)
            accent, capital = (np.isin(written, list(its)) for its in (ACCENTED, CAPITAL))
            number, accents, capitals = (
                before + self._candidates.number(part, "forms", words)
                for before, words in (
                    (number, places.words),
                    (accents, places.words[accent]),
                    (capitals, places.words[capital]),
                )
            )
        mostly_accented = fold(clause.form) != clause.form
        any_case = not (isinstance(clause, Word) and clause.capital)
        counts = zip(accents.tolist(), capitals.tolist(), number.tolist(), strict=True)
        return np.array(
            [
                ranking.agreement(
                    accents=(2 * accents >= all_) is mostly_accented,
                    case=any_case or 2 * capitals >= all_,
                )
                for accents, capitals, all_ in counts
            ]
        )

    def _together(self, part: Scope, forms: Sequence[Terms]) -> Array:
        """Return how often *forms* stand in a part, one behind the other."""
        there = [self._candidates.places(part, form).words for form in forms]
        begin = there[0]
        for step, its in enumerate(there):
            begin = begin[np.isin(begin + step, its)]
        if not len(begin):
            return self._nothing
        return self._candidates.number(part, "forms", begin) + self._nothing

    @cached_property
    def _nothing(self) -> Array:
        return np.zeros(len(self._candidates))

    @cached_property
    def _all(self) -> Array:
        return np.ones(len(self._candidates), bool)

    @property
    def _sources(self) -> Sequence[Mapping[str, Any]]:
        return self._candidates.sources

    def _each(self, holds: Iterable[bool]) -> Array:
        return np.fromiter(holds, bool, len(self._candidates))

    def _sum(self, scores: Iterable[Array]) -> Array:
        total = self._nothing
        for score in scores:
            total = total + score
        return total

    def _any(self, numbers: Iterable[Array]) -> Array:
        return np.asarray(self._sum(numbers), bool)

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


def _weight(frequency: Array, relative_length: Array) -> Array:
    both = zip(frequency.tolist(), relative_length.tolist(), strict=True)
    return np.array([ranking.weight(*each) if each[0] else 0.0 for each in both])
