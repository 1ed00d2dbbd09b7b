"""A query put to a snapshot: which articles hold it (masks), how well (scores).

Every clause becomes a mask over a segment's articles: words through their postings, filters
through columns. Scores are added over postings, only where the clause that asks for them holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from indexer.engines import deadline
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
    Word,
)
from indexer.engines.order import UNDATED, day
from indexer.engines.whoosh import field_words
from indexer.engines.whoosh.cuts import Cuts, joined
from indexer.engines.whoosh.expanded import Frequencies, find_expanded, find_in_field
from indexer.engines.whoosh.located import locate
from indexer.engines.whoosh.native.segments import Counted
from indexer.engines.whoosh.phrases import phrase_mask
from indexer.engines.whoosh.plan import Plan, in_postings, plan_of
from indexer.engines.whoosh.scoring import Asked, add_scores, mark, rank
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.italian import fold

Words = Word | Prefix | Fuzzy
_SPARSE = 4  # below a quarter of the articles, scoring only those saves more than it costs


class Matched(NamedTuple):
    """The articles of a segment that hold a clause: those of *mask*; without, all that score."""

    total: int
    mask: Array | None
    scores: Array | None

    def articles(self) -> Array:
        """Return the mask of the articles."""
        if self.mask is not None:
            return self.mask
        assert self.scores is not None
        held: Array = self.scores > 0
        return held


class Executor:
    """One query over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._masks: dict[tuple[int, Clause], Array] = {}
        self._expanded: dict[Words, Frequencies] = {}

    def matches(self, clause: Clause, *, scored: bool) -> Iterator[Matched]:
        """Yield, of each segment, the living articles that hold *clause*, and their scores.

        A score counts where *clause* holds. The scores last until the next are asked for.
        """
        plan = plan_of(clause) if scored else None
        if plan:
            for view, asked in zip(self._snapshot.views, self._asked(plan), strict=True):
                scores, total = rank(view, asked)
                yield Matched(total, None, scores)
        else:
            for segment in range(len(self._snapshot.views)):
                yield self._matched(segment, clause, scored)

    def within(self, conditions: Sequence[Clause]) -> list[Array | None] | None:
        """Return the living articles of each segment that *conditions* hold for; None for all."""
        if not conditions:
            return None
        return [self._within(at, conditions) for at in range(len(self._snapshot.views))]

    def _asked(self, plan: Plan) -> Iterator[Asked]:
        """Yield what *plan* asks of each segment."""
        expanded = self._frequencies(plan.expanded) if plan.expanded else None
        located = iter(locate(self._snapshot, chain.from_iterable(plan.groups)))
        found = [list(islice(located, len(group))) for group in plan.groups]
        for segment in range(len(self._snapshot.views)):
            deadline.check()
            groups = [joined([word.in_segment(segment) for word in group]) for group in found]
            counted = None
            if expanded:
                counted = Counted(expanded.by_segment[segment], expanded.factor)
            yield Asked(groups, counted, self._within(segment, plan.conditions))

    def _matched(self, segment: int, clause: Clause, scored: bool) -> Matched:
        view = self._snapshot.views[segment]
        mask = self._holds(segment, clause)
        if view.live is not None:
            mask = mask & view.live
        total = int(np.count_nonzero(mask))
        if not scored:
            return Matched(total, mask, None)
        scores = SCRATCH.zeros("scores", view.articles, np.float32)
        if total:
            for within, scoring in self._scored(segment, clause, mask):
                dense = within is mask and total * _SPARSE > view.articles
                self._add(segment, scoring, scores, None if dense else within)
        return Matched(total, mask, scores)

    def _within(self, segment: int, conditions: Sequence[Clause]) -> Array | None:
        """Return the mask of living articles that all *conditions* hold for; None for all."""
        mask = self._snapshot.views[segment].live
        for condition in conditions:
            own = self._holds(segment, condition)
            mask = own if mask is None else mask & own
        return mask

    def _holds(self, segment: int, clause: Clause) -> Array:
        key = (segment, clause)
        mask = self._masks.get(key)
        if mask is None:
            deadline.check()
            mask = self._masks[key] = self._mask(segment, clause)
        return mask

    def _mask(self, segment: int, clause: Clause) -> Array:
        view = self._snapshot.views[segment]
        match clause:
            case Word() if in_postings(clause):
                mask = np.zeros(view.articles, bool)
                mark(view, self._cuts(segment, [clause]), mask)
                return mask
            case Word() | Prefix() | Fuzzy():
                return self._frequencies(clause).by_segment[segment] > 0
            case Phrase() if clause.scope in field_words.FIELD_OF:
                return field_words.phrase_mask(view, clause)
            case Phrase():
                words = locate(self._snapshot, clause.scoring)
                return phrase_mask(view, [word.exact[segment] for word in words], clause.scope)
            case Is(field, values):
                facet = view.file.columns.facet(field)
                wanted = {fold(value) for value in values}
                chosen = [i for i, value in enumerate(facet.folded) if value in wanted]
                return facet.having(chosen, view.articles)
            case Between(first, last):
                days = view.file.columns.days
                mask = np.asarray(days != UNDATED)
                if first is not None:
                    mask &= days >= day(first.isoformat())
                if last is not None:
                    mask &= days <= day(last.isoformat())
                return mask
            case AllOf(clauses):
                mask = np.ones(view.articles, bool)
                for each in clauses:
                    mask &= self._holds(segment, each)
                return mask
            case AnyOf(clauses):
                mask = np.zeros(view.articles, bool)
                mark(view, self._cuts(segment, clauses), mask)
                for each in clauses:
                    if not in_postings(each):
                        mask |= self._holds(segment, each)
                return mask
            case Not(each):
                return ~self._holds(segment, each)

    def _frequencies(self, clause: Words) -> Frequencies:
        found = self._expanded.get(clause)
        if found is None:
            find = find_in_field if clause.scope in field_words.FIELD_OF else find_expanded
            found = self._expanded[clause] = find(self._snapshot, clause)
        return found

    def _scored(
        self, segment: int, clause: Clause, mask: Array
    ) -> Iterator[tuple[Array, list[Words]]]:
        """Yield words that score, and the mask of the articles where they do."""
        match clause:
            case Word() | Prefix() | Fuzzy():
                yield mask, [clause]
            case Phrase():
                yield mask, list(clause.scoring)
            case AllOf(clauses) | AnyOf(clauses):
                yield mask, [each for each in clauses if isinstance(each, Words)]
                for each in clauses:
                    if isinstance(each, AllOf | AnyOf | Phrase):
                        within = mask
                        if isinstance(clause, AnyOf):
                            within = mask & self._holds(segment, each)
                        yield from self._scored(segment, each, within)
            case Is() | Between() | Not():
                pass

    def _add(
        self, segment: int, words: Sequence[Words], scores: Array, within: Array | None
    ) -> None:
        view = self._snapshot.views[segment]
        add_scores(view, self._cuts(segment, words), scores, within)
        for word in words:
            deadline.check()
            if in_postings(word):
                continue
            found = self._frequencies(word)
            found.add_scores(segment, scores, within)
            if isinstance(word, Prefix | Fuzzy):
                exact = Word(word.form, None, word.scope)
                self._add(segment, [exact], scores, within)

    def _cuts(self, segment: int, clauses: Sequence[Clause]) -> Cuts:
        """Return what the words among *clauses* stand for in the postings."""
        located = locate(self._snapshot, filter(in_postings, clauses))
        return joined([word.in_segment(segment) for word in located])
