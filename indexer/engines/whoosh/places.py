"""The places of many stretches of an array, one stretch behind the other."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.sections import Array


def places_of(begins: Array, counts: Array) -> Array:
    """Return the places of stretches that begin there and have so many elements each."""
    before = np.cumsum(counts) - counts
    places: Array = np.repeat(begins - before, counts) + np.arange(counts.sum())
    return places
