"""Which segments are merged after a commit: few enough to search, seldom enough to write quickly.

Segments are ranged in tiers by their living articles. A tier that holds too many is merged into
one of the next; what would pass 65,536 articles is left. So an article is rewritten once per tier.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.whoosh.postings import MOST_ARTICLES
from indexer.engines.whoosh.segment import ColumnarSegment

# (tier's articles end at, segments it may hold). Small ones cost a search as much as large ones.
_TIERS = ((64, 8), (1_024, 6), (16_384, 4), (MOST_ARTICLES, 4))
_WASTED = 0.5  # a segment with more deleted than this is written anew


def to_merge(segments: Sequence[ColumnarSegment]) -> list[ColumnarSegment]:
    """Return segments to make one of, none when all is well; to be asked again afterwards."""
    floor = 0
    for ceiling, allowed in _TIERS:
        tier = [each for each in segments if floor <= each.doc_count() < ceiling]
        floor = ceiling
        if len(tier) > allowed:
            fitting = _fitting(tier)
            if len(fitting) > 1:
                return fitting
    for each in segments:
        if each.deleted_count() > _WASTED * each.articles:
            return [each]
    return []


def _fitting(tier: Sequence[ColumnarSegment]) -> list[ColumnarSegment]:
    chosen, room = [], MOST_ARTICLES
    for each in sorted(tier, key=ColumnarSegment.doc_count):
        if each.doc_count() > room:
            break
        chosen.append(each)
        room -= each.doc_count()
    return chosen
