"""Clauses that stand for many forms, counted as one term: prefixes, typing errors, field words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines import deadline, ranking
from indexer.engines.contract import Fuzzy, Prefix, Word
from indexer.engines.expansion import expand, lead, within
from indexer.engines.whoosh import field_words, native
from indexer.engines.whoosh.distinct import distinct
from indexer.engines.whoosh.frequencies import frequencies_at
from indexer.engines.whoosh.located import holders_of_form
from indexer.engines.whoosh.native import segments
from indexer.engines.whoosh.places import places_of
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.terms import Terms
from indexer.italian import fold


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often each article of each segment holds the term, and what its weight is worth."""

    by_segment: tuple[Array, ...]
    norms: tuple[Array, ...]
    factor: float

    def add_scores(self, segment: int, scores: Array, within: Array | None) -> None:
        """Add the term's bm25 to *scores*, only of those *within* (a mask)."""
        found, norms = self.by_segment[segment], self.norms[segment]
        kernels = native.library()
        if kernels:
            segments.weigh_counts(kernels, found, norms, self.factor, within, scores)
            return
        weights = np.float32(self.factor) * (found / (found + norms))
        scores += weights if within is None else weights * within


def find_expanded(snapshot: Snapshot, clause: Word | Prefix | Fuzzy) -> Frequencies:
    """Count the forms of titles and texts that a prefix or a fuzzy word stands for."""
    assert not isinstance(clause, Word)
    counted, holding = [], 0
    for view, terms in zip(snapshot.views, find_terms(snapshot, clause), strict=True):
        deadline.check()
        file = view.file
        if view.kernels:
            found = np.empty(view.articles, np.float32)
            holding += view.kernels.count_terms(terms, clause.scope, view.live, found)
            counted.append(found)
            continue
        found = np.zeros(view.articles, np.float32)
        counted.append(found)
        starts = file.terms.posting_starts
        lengths = (starts[terms + 1] - starts[terms]).astype(np.int64)
        # Where the postings of all these terms stand, however far apart the terms are.
        places = places_of(starts[terms], lengths)
        if len(places):
            codes = file.codes.at(places)
            own = frequencies_at(file, places, codes, clause.scope)
            np.add.at(found, file.numbers.at(places).astype(np.intp), own)
        holding += _living(view, found)
    norms = tuple(view.norms for view in snapshot.views)
    return Frequencies(tuple(counted), norms, ranking.idf(snapshot.articles, holding))


def find_terms(snapshot: Snapshot, clause: Prefix | Fuzzy) -> list[Array]:
    """Return, per segment, the terms that *clause* stands for, ascending."""
    lexicons = [view.file.terms for view in snapshot.views]
    if isinstance(clause, Prefix):
        return [np.sort(_of_prefix(view, lead(clause))) for view in snapshot.views]
    near = [terms.near(fold(clause.form), clause.edits, lead(clause)) for terms in lexicons]
    forms = [_forms(terms, own) for terms, own in zip(lexicons, near, strict=True)]
    alike = set(expand(clause, sorted(set().union(*forms))))
    chosen = [
        own[np.array([form in alike for form in its], bool)]
        for own, its in zip(near, forms, strict=True)
    ]
    return [np.sort(own) for own in chosen]


def _of_prefix(view: View, prefix: str) -> Array:
    """Return the terms whose folded form begins with *prefix*."""
    return view.file.terms.of_prefix(prefix, view.kernels.find_forms if view.kernels else None)


def forms_near(snapshot: Snapshot, form: str, edits: int) -> dict[str, int]:
    """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
    wanted = fold(form)
    if not edits:
        articles = holders_of_form(snapshot, wanted)
        return {wanted: articles} if articles else {}
    holding: Counter[str] = Counter()
    for view in snapshot.views:
        deadline.check()
        lexicon = view.file.terms
        near = lexicon.near(wanted, edits)
        by_form: defaultdict[str, list[Array]] = defaultdict(list)
        for its, term in zip(_forms(lexicon, near), near.tolist(), strict=True):
            if within(wanted, its, edits):
                span = slice(*lexicon.posting_starts[term : term + 2].tolist())
                by_form[its].append(view.file.numbers[span])
        for its, numbers in by_form.items():
            found = numbers[0] if len(numbers) == 1 else distinct(np.concatenate(numbers))
            holding[its] += len(found) if view.live is None else int(view.live[found].sum())
    return dict(+holding)


def forms_beginning(snapshot: Snapshot, prefix: str, limit: int) -> dict[str, int]:
    """Return up to *limit* frequent forms that begin with *prefix*, and the articles of each.

    Looked at are the forms with most postings in each segment; those are counted in all.
    """
    wanted = fold(prefix)
    begun: set[str] = set()
    for view in snapshot.views if wanted else ():
        lexicon = view.file.terms
        terms = _of_prefix(view, wanted)
        lengths = lexicon.posting_starts[terms + 1] - lexicon.posting_starts[terms]
        begun.update(_forms(lexicon, terms[np.argsort(-lengths, kind="stable")[: 4 * limit + 64]]))
    holding: Counter[str] = Counter()
    for form in begun:
        deadline.check()
        for view in snapshot.views:
            lexicon = view.file.terms
            found = np.zeros(view.articles, bool)
            for term in lexicon.of_form(form):
                span = slice(*lexicon.posting_starts[term : term + 2].tolist())
                found[view.file.numbers[span]] = True
            holding[form] += _living(view, found)
    ranked = sorted((+holding).items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[:limit])


def _forms(lexicon: Terms, terms: Array) -> list[str]:
    return [lexicon.form(term).decode("utf-8", "surrogatepass") for term in terms.tolist()]


def find_in_field(snapshot: Snapshot, clause: Word | Prefix | Fuzzy) -> Frequencies:
    """Count the words of authors or sources that *clause* stands for."""
    if isinstance(clause, Word):
        forms: tuple[str, ...] = (fold(clause.form),)
    else:
        forms = field_words.forms_of(snapshot, clause)
    counted = [field_words.frequencies(view, clause.scope, forms) for view in snapshot.views]
    factor = _idf(snapshot, counted)
    if isinstance(clause, Word):
        factor *= ranking.EXACT * clause.weight
    norms = tuple(np.full(len(own), ranking.K1, np.float32) for own in counted)
    return Frequencies(tuple(counted), norms, factor)


def _idf(snapshot: Snapshot, counted: Sequence[Array]) -> float:
    holding = sum(map(_living, snapshot.views, counted))
    return ranking.idf(snapshot.articles, holding)


def _living(view: View, counts: Array) -> int:
    return int(np.count_nonzero(counts if view.live is None else counts[view.live]))
