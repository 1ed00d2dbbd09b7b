"""A plain question, words that score, answered over all segments by one kernel.

A question of ten words over two segments costs one call in place of some fifty of numpy's. Those
that ask for more, and those where only ids tell which of two articles comes first, are answered
step by step in searching.py, as all are where there are no kernels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Query, Sort
from indexer.engines.ranking import Neighbours
from indexer.engines.whoosh import native
from indexer.engines.whoosh.executor import Executor
from indexer.engines.whoosh.native.answers import Found, Near, Part, answer
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
    kernels, plan = native.library(), plan_of(query.clause)
    if kernels is None or plan is None:
        return None
    parts = []
    asked = list(executor.asked(plan))
    stems, together = locate_pairs(snapshot, pairs)
    for segment, (view, own) in enumerate(zip(snapshot.views, asked, strict=True)):
        assert view.kernels
        forms = [(its.forms, its.beyond) for its in (stem.by_segment[segment] for stem in stems)]
        parts.append(Part(view.kernels.segment, own.cuts, own.ends, own.counted, own.within, forms))
    room = max((view.articles for view in snapshot.views), default=0)
    scores = SCRATCH.room("scores", room, np.float32)
    near = Near(together, ranking.NEAR_WINDOW, ranking.NEAR_DEPTH)
    found = answer(kernels, parts, AGREEMENTS, near, wanted, scores)
    return None if found.tied else found
