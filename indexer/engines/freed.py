"""Memory that is freed, and given back to the system where glibc can be told to."""

from __future__ import annotations

import ctypes
from contextlib import suppress

# As glibc's malloc.h numbers them, and bytes.
_TRIM_THRESHOLD, _KEPT = -1, 64 << 20
_MMAP_THRESHOLD, _LARGE = -3, 16 << 20


def give_large_back() -> None:
    """Have large arrays given back when freed, from now on.

    Else glibc keeps ever larger ones, between which others come to lie. Of the rest it is to keep
    some: told the one, it would give back the other after each array, and fault it in again.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _KEPT)


def give_all_back() -> None:
    """Give back what has been freed, this once."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
