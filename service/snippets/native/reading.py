"""Candidates by the kernels: what service/snippets/candidates.py finds by numpy."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Collection
from ctypes import byref, c_char_p, c_int64, c_void_p
from functools import cache
from itertools import accumulate

import numpy as np

from indexer.compiled import address
from service.snippets.candidates import Candidates
from service.snippets.joined import Joined
from service.snippets.letters import Kinds
from service.snippets.native.characters import ADDRESS, learnt

_ROOM = 1_000  # candidates, at first


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    pointers = [c_void_p] * 5
    kernels.tell_kinds.argtypes = [
        *(c_void_p, c_int64, c_void_p, c_void_p, c_int64),
        *(c_void_p, c_void_p),
    ]
    kernels.find_candidates.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_void_p, c_int64),
        *(c_char_p, c_void_p, c_int64, c_int64),
        *pointers,
        c_void_p,
    ]
    for kernel in (kernels.tell_kinds, kernels.find_candidates):
        kernel.restype = c_int64
    return kernels


class Readable:
    """Texts to look for candidates in."""

    def __init__(self, kernels: ctypes.CDLL, texts: Joined) -> None:
        self._kernels = _typed(kernels)
        self.texts = texts
        unlike = self._read()
        if any(unlike):
            self.texts = texts.prepared([n for n, changed in enumerate(unlike) if changed])
            self._read()

    def _read(self) -> bytes:
        """Learn of all characters what they are; tell which texts the chain has to prepare."""
        codes, count = self.texts.codes, len(self.texts)
        self.kinds: Kinds = np.empty(len(codes), np.uint8)
        unlike = np.empty(count, np.uint8)
        learnt(
            self._kernels.tell_kinds,
            *(address(codes), len(codes), ADDRESS, address(self.texts.starts), count),
            *(address(self.kinds), address(unlike)),
        )
        return unlike.tobytes()

    def candidates(self, beginnings: Collection[bytes]) -> Candidates:
        """Return what may be a word with one of *beginnings*."""
        ends = array("q", accumulate(map(len, beginnings)))
        whole, different, found, room = self.texts.whole, c_int64(), _ROOM, 0
        while found > room:
            room = found
            made = np.empty((5, room), np.int32)
            first, row = address(made) or 0, made.strides[0]
            found = self._kernels.find_candidates(
                *(address(self.texts.codes), address(self.kinds), len(self.kinds)),
                *(address(self.texts.starts), len(self.texts)),
                *(b"".join(beginnings), ends.buffer_info()[0], len(ends)),
                *(room, *range(first, first + 5 * row, row), byref(different)),
            )
        starts_and_ends = zip(*made[3:, : different.value].tolist(), strict=True)
        written = [whole[start:end] for start, end in starts_and_ends]
        texts, offsets, numbers = made[:3, :found]
        return Candidates(texts, offsets, numbers, written)
