"""Which ids have come, and where from: 12 bytes each, so that a load of millions needs little."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

_MOST_NEW = 1 << 16  # that are kept in a dictionary, at ten times the room


class Seen:
    """Ids by 64 bits of them, with a secret start.

    Of a million different ones two share their bits with a chance of 1 in 37 million: then the
    second counts as having come before, and whoever reads says so.
    """

    def __init__(self) -> None:
        self._new: dict[int, int] = {}
        self._hashes = np.zeros(0, np.int64).data  # ascending
        self._places = np.zeros(0, np.int32).data

    def add(self, name: str, place: int) -> int | None:
        """Remember that *name* came from *place*, a number; return where it came from before."""
        hashed = hash(name)
        if (before := self._new.get(hashed)) is not None:
            return before
        at = bisect_left(self._hashes, hashed)
        if at < len(self._hashes) and self._hashes[at] == hashed:
            return self._places[at]
        self._new[hashed] = place
        if len(self._new) >= _MOST_NEW:
            self._settle()
        return None

    def _settle(self) -> None:
        hashes = np.concatenate([self._hashes, np.fromiter(self._new, np.int64)])
        places = np.concatenate([self._places, np.fromiter(self._new.values(), np.int32)])
        order = hashes.argsort()
        self._hashes, self._places = hashes[order].data, places[order].data
        self._new = {}
