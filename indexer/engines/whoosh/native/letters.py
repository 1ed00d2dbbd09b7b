"""The kernel that tells which letters the forms of terms are made of: see alike.py."""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_void_p
from functools import cache

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    kernels.letters.argtypes = [c_void_p, c_void_p, c_int64, *[c_void_p] * 4]
    kernels.letters.restype = None
    return kernels


def letters(
    kernels: ctypes.CDLL, text: Array, starts: Array, bit_of: Array
) -> tuple[Array, Array, Array]:
    """Return, of the terms whose keys begin at *starts*, where forms begin, their bits, lengths."""
    terms = len(starts) - 1
    begins, bits = np.empty(terms, np.uint32), np.empty(terms, np.uint32)
    lengths = np.empty(terms, np.int32)
    _typed(kernels).letters(
        *(address(text), address(starts), terms, address(bit_of)),
        *map(address, (begins, bits, lengths)),
    )
    return begins, bits, lengths
