"""The kernels that texts are read with: cut into chunks, and these numbered."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import c_char_p, c_int64, c_uint64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


class Cut(NamedTuple):
    """Where chunks begin and end, their hashes, and how many of them each text has."""

    starts: Array
    ends: Array
    hashes: Array
    counts: Array


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    pointers = [c_void_p] * 4
    kernels.blank.argtypes = [c_char_p, c_void_p, c_int64, *pointers]
    kernels.blank.restype = None
    kernels.cut.argtypes = [c_void_p, c_int64, c_void_p, c_int64, c_uint64, *pointers]
    kernels.number.argtypes = [
        *(c_void_p, c_int64, c_void_p, c_void_p),
        *(c_int64, c_int64, c_void_p, c_void_p),
    ]
    kernels.cut.restype = kernels.number.restype = c_int64
    return kernels


def blank(
    kernels: ctypes.CDLL, texts: Sequence[bytes], kinds: Array
) -> tuple[memoryview, Array, Array]:
    """Return *texts* with their breaks blanked, one behind the other: see blanking.py.

    Beside them where each ends, a blank included, and which are left out, for the chain to read;
    *kinds* tells what each character is.
    """
    ends = np.cumsum([*map(len, texts)], dtype=np.int64)
    blanked = np.empty(int(ends[-1]) + len(texts), np.uint8)
    blanked_ends, unread = np.empty_like(ends), np.empty(len(texts), np.uint8)
    _typed(kernels).blank(
        *(b"".join(texts), address(ends), len(texts), address(kinds)),
        *(address(blanked), address(blanked_ends), address(unread)),
    )
    return blanked.data, blanked_ends, unread


def cut(kernels: ctypes.CDLL, text: bytes, padding: int, text_ends: Array, secret: int) -> Cut:
    """Cut *text*, which *padding* blanks end, into chunks: see chunking.py."""
    letters = np.frombuffer(text, np.uint8)
    size = len(text) - padding
    most = size // 2 + 1
    starts, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    hashes, counts = np.empty(most, np.uint64), np.empty(len(text_ends), np.int64)
    held = _typed(kernels).cut(
        *(address(letters), size, address(text_ends), len(text_ends), secret),
        *map(address, (starts, ends, hashes, counts)),
    )
    return Cut(starts[:held], ends[:held], hashes[:held], counts)


def number(
    kernels: ctypes.CDLL, hashes: Array, known: Array, numbers: Array, held: int
) -> tuple[Array, Array]:
    """Return the number of each of *hashes*, and the places where new ones stand first.

    These are put into the table of *known* ones and their *numbers*, with those from *held* on.
    """
    found, firsts = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
    bits = len(known).bit_length() - 1
    new = _typed(kernels).number(
        *(address(hashes), len(hashes), address(known), address(numbers), bits, held),
        *(address(found), address(firsts)),
    )
    return found, firsts[:new]
