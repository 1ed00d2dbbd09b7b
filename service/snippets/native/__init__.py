"""The kernels in C, where a compiler built them (setup.py); elsewhere Python does the same work."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

from indexer.compiled import load


@cache
def library() -> ctypes.CDLL | None:
    """Return the kernels; None where they were not built, or not from the source that is here."""
    return load(Path(__file__).parent)
