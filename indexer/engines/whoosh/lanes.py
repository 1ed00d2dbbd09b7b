"""Bytes read eight at a time, from any place: what hashes chunks, and puts keys in order."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.sections import Array

LANE = 8  # bytes


def lanes(padded: Array) -> Array:
    """Return the eight bytes from each place of *padded* on, as a number, the first the lowest.

    Its last eight bytes are for this alone: nothing begins in them.
    """
    return np.ndarray(len(padded) - LANE + 1, "<u8", padded, strides=(1,))
