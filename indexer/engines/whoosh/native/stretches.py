"""The kernels for many stretches of an array: put where they go in another, or summed up."""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_void_p
from functools import cache

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    kernels.spread.argtypes = [*(c_void_p, c_void_p, c_int64), *(c_void_p, c_int64, c_void_p)]
    kernels.sums.argtypes = [*(c_void_p, c_void_p, c_void_p), *(c_int64, c_void_p)]
    kernels.spread.restype = kernels.sums.restype = None
    return kernels


def spread(
    kernels: ctypes.CDLL, source: Array, starts: Array, targets: Array, destination: Array
) -> None:
    """Put each stretch of *source*, from one of *starts* to the next, to its target.

    *destination* is of the same type.
    """
    own, own_starts = np.ascontiguousarray(source), starts.astype(np.int64)
    own_targets = targets.astype(np.int64)
    _typed(kernels).spread(
        *(address(own), address(own_starts), len(own_targets)),
        *(address(own_targets), own.itemsize, address(destination)),
    )


def sums(kernels: ctypes.CDLL, text: Array, begins: Array, ends: Array) -> Array:
    """Return the CRC-32 of each stretch of *text*, an array of bytes, from *begins* to *ends*."""
    own_begins, own_ends = begins.astype(np.int64), ends.astype(np.int64)
    found = np.empty(len(begins), np.uint32)
    _typed(kernels).sums(
        *(address(text), address(own_begins), address(own_ends)),
        *(len(found), address(found)),
    )
    return found
