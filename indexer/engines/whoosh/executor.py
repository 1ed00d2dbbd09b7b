"""A query put to a snapshot: which articles hold it (masks), how well (scores).

Every clause becomes a mask over a segment's articles: words through their postings, filters
through columns. Scores are added over postings, only where the clause that asks for them holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
    Scope,
    Word,
)
from indexer.engines.order import UNDATED, day
from indexer.engines.whoosh import field_words
from indexer.engines.whoosh.expanded import Frequencies, find_expanded, find_in_field
from indexer.engines.whoosh.located import locate
from indexer.engines.whoosh.phrases import phrase_mask
from indexer.engines.whoosh.scoring import Cut, add_scores, mark
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.italian import fold

Words = Word | Prefix | Fuzzy
_SPARSE = 4  # below a quarter of the articles, scoring only those saves more than it costs


class Executor:
    """One query over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._masks: dict[tuple[int, Clause], Array] = {}
        self._expanded: dict[Words, Frequencies] = {}

    def matches(self, segment: int, clause: Clause, *, scored: bool) -> tuple[Array, Array | None]:
        """Return the mask of the segment's living articles that hold *clause*, and their scores.

        A score counts where *clause* holds. The scores last until the thread asks again.
        """
        view = self._snapshot.views[segment]
        if scored and (plain := _plain(clause)):
            # A score above nothing tells that a word is there: words need no mask.
            words, conditions = plain
            within = self._within(segment, conditions)
            scores = SCRATCH.zeros("scores", view.articles, np.float32)
            if within is None:
                self._add(segment, words, scores, None)
                if view.dead is not None:
                    scores[view.dead] = 0
            elif (held := int(np.count_nonzero(within))) * _SPARSE < view.articles:
                self._add(segment, words, scores, within)
            elif held:
                self._add(segment, words, scores, None)
                scores *= within
            return scores > 0, scores
        mask = self._holds(segment, clause)
        if view.live is not None:
            mask = mask & view.live
        if not scored:
            return mask, None
        scores = SCRATCH.zeros("scores", view.articles, np.float32)
        held = int(np.count_nonzero(mask))
        if held:
            for within, scoring in self._scored(segment, clause, mask):
                dense = within is mask and held * _SPARSE > view.articles
                self._add(segment, scoring, scores, None if dense else within)
        return mask, scores

    def _within(self, segment: int, conditions: Sequence[Clause]) -> Array | None:
        """Return the mask of living articles that all *conditions* hold for; None for all."""
        if not conditions:
            return None
        mask = self._holds(segment, AllOf(tuple(conditions)))
        live = self._snapshot.views[segment].live
        return mask if live is None else mask & live

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
            case Word() if _in_postings(clause):
                mask = np.zeros(view.articles, bool)
                mark(view, locate(self._snapshot, clause).by_segment[segment], clause.scope, mask)
                return mask
            case Word() | Prefix() | Fuzzy():
                return self._frequencies(clause).by_segment[segment] > 0
            case Phrase() if clause.scope in field_words.FIELD_OF:
                return field_words.phrase_mask(view, clause)
            case Phrase():
                return phrase_mask(view, clause)
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
                for scope, cuts in self._cuts(segment, clauses).items():
                    mark(view, cuts, scope, mask)
                for each in clauses:
                    if not _in_postings(each):
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
            case Phrase(words, scope):
                yield mask, [replace(word, scope=scope) for word in words]
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
        for scope, cuts in self._cuts(segment, words).items():
            add_scores(view, cuts, scope, scores, within)
        for word in words:
            deadline.check()
            if _in_postings(word):
                continue
            found = self._frequencies(word)
            found.add_scores(segment, scores, within)
            if isinstance(word, Prefix | Fuzzy):
                exact = Word(word.form, None, word.scope)
                self._add(segment, [exact], scores, within)

    def _cuts(self, segment: int, clauses: Sequence[Clause]) -> dict[Scope, list[Cut]]:
        """Return, by scope, what the words among *clauses* stand for in the postings."""
        cuts: dict[Scope, list[Cut]] = {}
        for each in clauses:
            if isinstance(each, Word) and _in_postings(each):
                located = locate(self._snapshot, each)
                cuts.setdefault(each.scope, []).extend(located.by_segment[segment])
        return cuts


def _in_postings(clause: Clause) -> bool:
    """Tell whether *clause* is a word of titles and texts: others have no postings of their own."""
    return isinstance(clause, Word) and clause.scope not in field_words.FIELD_OF


def _plain(clause: Clause) -> tuple[tuple[Word, ...], tuple[Clause, ...]] | None:
    """Return the words of which one must hold, and what else must, which scores nothing.

    None where *clause* asks for more.
    """
    scoring: Clause = clause
    conditions: tuple[Clause, ...] = ()
    if isinstance(clause, AllOf):
        conditions = tuple(each for each in clause.clauses if isinstance(each, Is | Between | Not))
        others = tuple(each for each in clause.clauses if each not in conditions)
        if len(others) != 1:
            return None
        (scoring,) = others
    alternatives = scoring.clauses if isinstance(scoring, AnyOf) else (scoring,)
    words = tuple(word for word in alternatives if isinstance(word, Word))
    return (words, conditions) if len(words) == len(alternatives) else None
