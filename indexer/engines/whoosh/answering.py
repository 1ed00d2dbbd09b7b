"""A plain question, words that score, answered over all segments by one kernel.

A question of ten words over two segments costs one call in place of some fifty of numpy's. Those
that ask for more are answered step by step in searching.py, as all are where there are no kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import numpy as np

from indexer.engines import deadline, ranking
from indexer.engines.contract import Clause, Fuzzy, Phrase, Prefix, Query, Sort
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh.executor import Executor
from indexer.engines.whoosh.expanded import find_terms
from indexer.engines.whoosh.located import locate
from indexer.engines.whoosh.native.answers import Forms, Found, Near, PhraseTerms, Question, answer
from indexer.engines.whoosh.nearness import locate_pairs
from indexer.engines.whoosh.plan import plan_of
from indexer.engines.whoosh.scoring import AGREEMENTS, SCOPES
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.snapshot import Snapshot


def answered(
    snapshot: Snapshot,
    executor: Executor,
    query: Query,
    pairs: Sequence[Neighbours],
    wanted: int,
) -> Found | None:
    """Return the best *wanted* articles of *query*, None where they are not found in this way."""
    if query.sort is not Sort.RELEVANCE or query.facets or query.days or query.after:
        return None
    mapped, plan = snapshot.mapped, plan_of(query.clause)
    if mapped is None or plan is None:
        return None
    words = locate(snapshot, chain.from_iterable(plan.groups))
    groups = list(accumulate(map(len, plan.groups))) if len(plan.groups) > 1 else []
    phrase, conditions = _parted(snapshot, plan.conditions)
    stems, together = locate_pairs(snapshot, pairs)
    question = Question(
        [(word.cuts, word.ends) for word in words],
        groups,
        _forms(snapshot, plan.expanded),
        phrase,
        executor.within(conditions),
        Near([stem.forms for stem in stems], together, ranking.NEAR_WINDOW, ranking.NEAR_DEPTH),
        min(wanted, snapshot.articles),
    )
    deadline.check()
    scores = SCRATCH.room("scores", max(mapped.articles, default=0), np.float32)
    return answer(mapped, question, snapshot.articles, AGREEMENTS, scores)


def _forms(snapshot: Snapshot, expanded: Prefix | Fuzzy | None) -> Forms | None:
    if expanded is None:
        return None
    return Forms(find_terms(snapshot, expanded), SCOPES[expanded.scope])


def _parted(
    snapshot: Snapshot, conditions: Sequence[Clause]
) -> tuple[PhraseTerms | None, Sequence[Clause]]:
    """Return the terms of the phrase that must hold, if there is one, and what must besides."""
    phrases = [each for each in conditions if isinstance(each, Phrase)]
    if len(phrases) != 1:
        return None, conditions
    [phrase] = phrases
    words = locate(snapshot, phrase.scoring)
    terms = [[word.exact[at] for word in words] for at in range(len(snapshot.views))]
    others = [each for each in conditions if each is not phrase]
    return PhraseTerms(terms, SCOPES[phrase.scope]), others
