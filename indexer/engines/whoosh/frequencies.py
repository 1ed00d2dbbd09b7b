"""How often: from the codes of postings to frequencies, scope by scope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope
from indexer.engines.whoosh.postings import BIG, SHARED, TEXT, TITLE
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import SegmentFile

Places = Callable[[Array], Array]

PLAIN = 1
"""The bits of a code that stand for once in the text: no title, no big count."""

_CODES = np.arange(256)
_TEXTS = (_CODES & TEXT).astype(np.float32)
_TITLES = (_CODES & TITLE).astype(bool).astype(np.float32)

# One table per scope; in the wide ones a posting that its stem's own term counts weighs nothing.
_EXACT = {
    Scope.ARTICLE: _TEXTS + np.float32(ranking.TITLE) * _TITLES,
    Scope.TITLE: np.float32(ranking.TITLE) * _TITLES,
    Scope.TEXT: _TEXTS,
}
_WIDE = {scope: np.where(_CODES & SHARED, np.float32(0), table) for scope, table in _EXACT.items()}


def frequencies(
    file: SegmentFile, places: Places, codes: Array, scope: Scope, *, wide: bool
) -> Array:
    """Return the weighted frequencies of postings with these *codes*.

    *places* tells where in the segment the postings number *rows* of them stand: only big counts
    are looked up.
    """
    found = (_WIDE if wide else _EXACT)[scope].take(codes)
    big = (codes & TEXT) == BIG
    if wide:
        big &= codes < SHARED
    rows = big.nonzero()[0]
    if len(rows):
        titles, texts = _big(file, places(rows))
        found[rows] = (texts if scope is not Scope.TITLE else 0) + (
            np.float32(ranking.TITLE) * titles if scope is not Scope.TEXT else 0
        )
    return found


def _big(file: SegmentFile, places: Array) -> tuple[Array, Array]:
    rows = file.big_places.searchsorted(places)
    titles, texts = file.big_counts
    return titles[rows].astype(np.float32), texts[rows].astype(np.float32)
