"""How kernels are called: what each takes, and what it means when one stops."""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Callable, Sequence
from ctypes import c_char_p, c_double, c_float, c_int32, c_int64, c_void_p
from functools import cache
from itertools import accumulate, chain
from typing import Any

from indexer.engines.whoosh.frequencies import WORTH
from indexer.engines.whoosh.native.segment import MET


class Scope(ctypes.Structure):
    """How much a word in the title, and one in the text, counts."""

    _fields_ = [("title", c_double), ("text", c_double)]


def run(kernel: Callable[..., int], *arguments: Any) -> None:
    """Call *kernel*. Raise what comparing a block raised: IndexDamaged where it is damaged."""
    stopped = kernel(*arguments)
    if not stopped:
        return
    error, MET.error = MET.error, None
    try:
        if error:
            raise error
        if stopped > 0:
            raise MemoryError
        # Nothing was compared: a signal came in between, and ctypes has swallowed what it raised.
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        raise RuntimeError("a block could not be compared")
    finally:
        del error  # else it would hold this frame, and this frame it, and both the file's map


SCOPES = {scope: Scope(*WORTH[scope]) for scope in WORTH}
ALL_SCOPES = (Scope * len(SCOPES))(*SCOPES.values())
_KERNELS: dict[str, tuple[Any, ...]] = {
    "rank": (
        *(c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_double, c_void_p, c_void_p),
        *(c_void_p, c_void_p, c_void_p),
    ),
    "weigh": (c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_void_p),
    "mark": (c_void_p, c_int64, c_void_p, c_void_p),
    "count_terms": (c_void_p, c_int64, Scope, c_void_p, c_void_p, c_void_p),
    "find_forms": (c_char_p, c_int64, c_char_p, c_int64, c_void_p),
    "phrase": (c_void_p, c_void_p, c_int64, c_void_p, Scope, c_void_p),
    "near": (
        *(c_void_p, c_int64, c_void_p, c_int64),
        *(c_void_p, c_void_p, c_int64, c_int64, c_void_p),
    ),
}


@cache
def typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    for name, kinds in _KERNELS.items():
        kernel = getattr(kernels, name)
        kernel.argtypes = [c_void_p, *kinds]
        kernel.restype = c_int64
    kernels.best.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_int64, c_int32, c_void_p, c_void_p, c_void_p)
    ]
    kernels.best.restype = c_int64
    kernels.find_words.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_char_p, c_char_p, c_int64, c_void_p),
        *(c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    ]
    kernels.find_words.restype = c_int64
    kernels.answer.argtypes = [
        *(c_char_p, c_void_p, c_int64, c_void_p, c_void_p),
        *(c_void_p, c_void_p, c_void_p),
    ]
    kernels.answer.restype = c_int64
    kernels.weigh_counts.argtypes = [c_void_p, c_void_p, c_int64, c_float, c_void_p, c_void_p]
    kernels.weigh_counts.restype = None
    return kernels


def flattened(rows: Sequence[Sequence[float]]) -> array[float]:
    """Return the values of *rows*, one behind the other, as structures of C have them."""
    return array("d", [value for row in rows for value in row])


def flat_words(words: Sequence[Sequence[int]]) -> tuple[array[int], array[int]]:
    """Return the terms of *words*, one word's behind the other's, and where those of each end."""
    return array("I", chain.from_iterable(words)), array("q", accumulate(map(len, words)))
