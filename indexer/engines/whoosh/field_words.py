"""The words of authors and sources: looked for in the few values, not in every article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from indexer.engines.contract import Field, Fuzzy, Phrase, Prefix, Scope
from indexer.engines.expansion import expand, lead
from indexer.engines.whoosh.facet import Facet
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.italian import analyse, fold

FIELD_OF = {Scope.AUTHOR: Field.AUTHOR, Scope.SOURCE: Field.SOURCE}


def forms_of(snapshot: Snapshot, clause: Prefix | Fuzzy) -> tuple[str, ...]:
    """Return the folded forms of living articles' values that *clause* stands for."""
    forms = {
        form
        for view in snapshot.views
        for value in _living_values(view, FIELD_OF[clause.scope])
        for form, _ in _places(value)
    }
    return expand(clause, sorted(form for form in forms if form.startswith(lead(clause))))


def frequencies(view: View, scope: Scope, forms: Sequence[str]) -> Array:
    """Return how often one of *forms* stands in each article's author, or source."""
    wanted = set(forms)
    facet = view.file.columns.facet(FIELD_OF[scope])
    return _by_article(
        view, facet, (sum(form in wanted for form, _ in _places(value)) for value in facet.values)
    )


def phrase_mask(view: View, phrase: Phrase) -> Array:
    """Return which articles' author, or source, holds *phrase*."""
    forms = [fold(word.form) for word in phrase.words]
    facet = view.file.columns.facet(FIELD_OF[phrase.scope])
    return _by_article(view, facet, (_holds(value, forms) for value in facet.values)) > 0


def _holds(value: str, forms: Sequence[str]) -> bool:
    there = _places(value)
    return any(
        all((form, begin + step) in there for step, form in enumerate(forms)) for _, begin in there
    )


def _by_article(view: View, facet: Facet, per_value: Iterable[int]) -> Array:
    counts = np.zeros(view.articles, np.float32)
    values = np.fromiter(per_value, np.float32, len(facet.values))
    counts[facet.owners] = values[facet.entries]
    return counts


def _living_values(view: View, field: Field) -> list[str]:
    facet = view.file.columns.facet(field)
    if view.live is None:
        return facet.values
    counts = facet.counts(view.live)
    return [value for value, count in zip(facet.values, counts.tolist(), strict=True) if count]


def _places(value: str) -> set[tuple[str, int]]:
    return {(fold(token.form), token.position) for token in analyse(value)}
