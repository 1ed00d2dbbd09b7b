"""Libraries in C that a compiler made of the source beside them (setup.py), loaded by ctypes.

They take addresses of arrays; who calls them sees to it that these are as long as they expect.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import c_char, c_int64
from pathlib import Path
from typing import Any, overload
from zlib import crc32

import numpy.typing as npt

_LIBRARY = "kernels.so"


def load(folder: Path) -> ctypes.CDLL | None:
    """Return the library in *folder*; None where none was made, or not from the source there."""
    library = folder / _LIBRARY
    if sys.byteorder != "little" or not library.exists():
        return None
    kernels = ctypes.CDLL(str(library))
    kernels.source.restype = c_int64
    sources = sorted(folder.glob("*.[ch]"))
    if sources and kernels.source() != crc32(b"".join(each.read_bytes() for each in sources)):
        return None
    return kernels


@overload
def address(values: npt.NDArray[Any]) -> int: ...
@overload
def address(values: None) -> None: ...
def address(values: npt.NDArray[Any] | None) -> int | None:
    """Return where the elements of *values* lie, one behind the other; None for no array."""
    if values is None:
        return None
    try:
        # Arrays are buffers, as their types tell from Python 3.12 on.
        return ctypes.addressof(c_char.from_buffer(values))  # type: ignore[arg-type, unused-ignore]
    except (TypeError, ValueError):  # read-only, or empty: asked in a slower way
        place: int = values.__array_interface__["data"][0]
        return place
