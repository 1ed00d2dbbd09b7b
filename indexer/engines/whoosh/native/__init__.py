"""The kernels in C, where a compiler built them (setup.py); elsewhere numpy does the same work.

A kernel takes addresses of arrays; who calls it sees to it that they are as long as it expects.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import c_int64
from functools import cache
from pathlib import Path
from zlib import crc32

from indexer.engines.whoosh.sections import Array

_HERE = Path(__file__).parent
_LIBRARY = _HERE / "kernels.so"


@cache
def library() -> ctypes.CDLL | None:
    """Return the kernels; None where they were not built, or not from the source that is here."""
    if sys.byteorder != "little" or not _LIBRARY.exists():
        return None
    kernels = ctypes.CDLL(str(_LIBRARY))
    kernels.source.restype = c_int64
    sources = sorted(_HERE.glob("*.[ch]"))
    if sources and kernels.source() != crc32(b"".join(each.read_bytes() for each in sources)):
        return None
    return kernels


def address(values: Array | None) -> int | None:
    """Return where the elements of *values* lie, one behind the other; None for no array."""
    if values is None:
        return None
    place: int = values.__array_interface__["data"][0]
    return place
