"""The kernel that puts stretches of one array where they go in another."""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_void_p

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


def spread(
    kernels: ctypes.CDLL, source: Array, starts: Array, targets: Array, destination: Array
) -> None:
    """Put each stretch of *source*, from one of *starts* to the next, to its target.

    *destination* is of the same type.
    """
    own, own_starts = np.ascontiguousarray(source), starts.astype(np.int64)
    own_targets = targets.astype(np.int64)
    kernels.spread.argtypes = [*(c_void_p, c_void_p, c_int64), *(c_void_p, c_int64, c_void_p)]
    kernels.spread.restype = None
    kernels.spread(
        *(address(own), address(own_starts), len(own_targets)),
        *(address(own_targets), own.itemsize, address(destination)),
    )
