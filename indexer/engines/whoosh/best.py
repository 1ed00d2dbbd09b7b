"""The best few of many, without sorting all."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh import native
from indexer.engines.whoosh.native import segments
from indexer.engines.whoosh.sections import Array

_COLUMNS = 1024
_SMALL = 1024


def best(goodness: Array, mask: Array | None, wanted: int, ages: Array, ranks: Array) -> Array:
    """Return the *wanted* places of greatest *goodness*, best first.

    Only places in *mask* come into question, which has no fewer; without one, those whose
    *goodness*, which is nowhere negative then, is above nothing. Of equals, those come first that
    are smaller in *ages*, then in *ranks*.
    """
    if not wanted:
        return np.zeros(0, np.intp)
    kernels = native.library()
    if kernels:
        return segments.best(kernels, goodness, mask, wanted, ages, ranks)
    found = (goodness if mask is None else mask).nonzero()[0]
    held = len(found)
    if held > max(_SMALL, 4 * wanted):
        found = found[goodness[found] >= _floor(goodness[found], wanted)]
    return found[np.lexsort((ranks[found], ages[found], -goodness[found]))[:wanted]]


def _floor(goodness: Array, wanted: int) -> float:
    """Return a value that at least *wanted* places reach; the least there is if need be."""
    whole = len(goodness) // _COLUMNS * _COLUMNS
    if wanted >= _COLUMNS // 2:
        return float(np.partition(goodness, -wanted)[-wanted])
    # The greatest of each column: *wanted* of them reach the *wanted*-th greatest of them all.
    tops = goodness[:whole].reshape(-1, _COLUMNS).max(axis=0)
    return float(np.partition(tops, -wanted)[-wanted])
