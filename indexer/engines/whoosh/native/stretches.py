"""The kernels for many stretches of an array: put where they go, put in order, or summed up."""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_void_p
from functools import cache
from typing import Any

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    kernels.spread.argtypes = [*(c_void_p, c_void_p, c_int64), *(c_void_p, c_int64, c_void_p)]
    kernels.spread.restype = None
    for kernel in (kernels.sums, kernels.order, kernels.changes, kernels.gather):
        kernel.argtypes = [*(c_void_p, c_void_p, c_void_p), *(c_int64, c_void_p)]
        kernel.restype = None
    kernels.order.restype = c_int64
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
    found = np.empty(len(begins), np.uint32)
    _over(_typed(kernels).sums, text, begins, ends, found)
    return found


def order(kernels: ctypes.CDLL, text: Array, begins: Array, ends: Array) -> Array:
    """Return the rows of stretches of *text* in the order of their bytes, equal ones in theirs."""
    rows = np.empty(len(begins), np.int64)
    if _over(_typed(kernels).order, text, begins, ends, rows) < 0:
        raise MemoryError
    return rows


def changes(kernels: ctypes.CDLL, text: Array, begins: Array, ends: Array) -> Array:
    """Tell of each stretch of *text* whether it differs from the one before it."""
    differ = np.empty(len(begins), bool)
    _over(_typed(kernels).changes, text, begins, ends, differ)
    return differ


def gather(kernels: ctypes.CDLL, text: Array, begins: Array, ends: Array) -> Array:
    """Return stretches of *text* one behind the other."""
    gathered = np.empty(int((ends - begins).sum()), np.uint8)
    _over(_typed(kernels).gather, text, begins, ends, gathered)
    return gathered


def _over(kernel: Any, text: Array, begins: Array, ends: Array, found: Array) -> Any:
    own_begins, own_ends = (np.ascontiguousarray(each, np.int64) for each in (begins, ends))
    return kernel(
        *(address(text), address(own_begins), address(own_ends)),
        *(len(own_begins), address(found)),
    )
