"""A plain question, words that score, answered over all segments by one kernel.

A question of ten words over two segments costs one call in place of some fifty of numpy's. Those
that ask for more, and those where only ids tell which of two articles comes first, are answered
step by step in searching.py, as all are where there are no kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import numpy as np

from indexer.engines import deadline, ranking
from indexer.engines.contract import Query, Sort
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh.executor import Executor
from indexer.engines.whoosh.located import locate
from indexer.engines.whoosh.native.answers import Found, Near, answer
from indexer.engines.whoosh.nearness import locate_pairs
from indexer.engines.whoosh.plan import plan_of
from indexer.engines.whoosh.scoring import AGREEMENTS
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
    counts, within = executor.counts(plan), executor.within(plan)
    stems, together = locate_pairs(snapshot, pairs)
    deadline.check()
    found = answer(
        mapped,
        [(word.cuts, word.ends) for word in words],
        groups,
        counts,
        within,
        AGREEMENTS,
        Near([stem.forms for stem in stems], together, ranking.NEAR_WINDOW, ranking.NEAR_DEPTH),
        wanted,
        SCRATCH.room("scores", mapped.articles, np.float32),
    )
    return None if found.tied else found
