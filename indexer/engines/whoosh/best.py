"""The best few of many, without sorting all."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.sections import Array

_COLUMNS = 1024
_SMALL = 1024


def best(goodness: Array, mask: Array, held: int, wanted: int, *ties: Array) -> Array:
    """Return the *wanted* places of greatest *goodness*, best first.

    Only places in *mask* come into question, *held* of them, and what is outside has less
    goodness. Of equals, those come first that are smaller in the first of *ties*, then the next.
    """
    wanted = min(wanted, held)
    if not wanted:
        return np.zeros(0, np.intp)
    few = held <= max(_SMALL, 4 * wanted)
    found = (mask if few else goodness >= _floor(goodness, wanted)).nonzero()[0]
    keys = [tie[found] for tie in reversed(ties)]
    return found[np.lexsort([*keys, -goodness[found]])[:wanted]]


def _floor(goodness: Array, wanted: int) -> float:
    """Return a value that at least *wanted* places reach; the least there is if need be."""
    whole = len(goodness) // _COLUMNS * _COLUMNS
    if len(goodness) < _SMALL or wanted >= _COLUMNS // 2:
        if wanted >= len(goodness):
            return float("-inf")
        return float(np.partition(goodness, -wanted)[-wanted])
    # The greatest of each column: *wanted* of them reach the *wanted*-th greatest of them all.
    tops = goodness[:whole].reshape(-1, _COLUMNS).max(axis=0)
    return float(np.partition(tops, -wanted)[-wanted])
