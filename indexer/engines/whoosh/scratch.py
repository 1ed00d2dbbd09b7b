"""Room for the arrays that a search needs for a moment, kept by each thread.

Memory that is asked for anew comes from the system page by page, and each page costs more than
the work done in it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.sections import Array

_MOST_KEPT = 1 << 20  # elements of one room


class Scratch(threading.local):
    """One room for each name; what is in it lasts until the name is asked for again."""

    def __init__(self) -> None:
        self._rooms: dict[str, Array] = {}

    def room(self, name: str, length: int, dtype: npt.DTypeLike) -> Array:
        """Return an array with anything in it. A name goes with one type."""
        room = self._rooms.get(name)
        if room is None or len(room) < length:
            room = np.empty(length + (length >> 2), dtype)
            if length <= _MOST_KEPT:
                self._rooms[name] = room
        return room[:length]

    def zeros(self, name: str, length: int, dtype: npt.DTypeLike) -> Array:
        """Return an array of zeros."""
        room = self.room(name, length, dtype)
        room.fill(0)
        return room

    def places(self, name: str, parts: Sequence[Array]) -> Array:
        """Return *parts*, joined, as numbers of the width that numpy takes for places."""
        joined = self.room(name, sum(map(len, parts)), np.intp)
        np.concatenate(parts, out=joined, casting="unsafe")
        return joined


SCRATCH = Scratch()
