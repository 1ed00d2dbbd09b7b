"""Numbers that come one by one and are asked for as an array, again and again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from indexer.engines.whoosh.sections import Array

_FIRST = 1_024


class Growing:
    """Whole numbers; what is new since they were last asked for is all that is copied."""

    def __init__(self) -> None:
        self._array: Array = np.empty(_FIRST, np.int32)
        self._held = 0
        self._new: list[int] = []

    def __len__(self) -> int:
        return self._held + len(self._new)

    def append(self, number: int) -> None:
        """Add *number* at the end."""
        self._new.append(number)

    def extend(self, numbers: Iterable[int]) -> None:
        """Add *numbers* at the end."""
        self._new.extend(numbers)

    def array(self) -> Array:
        """Return all of them; valid until more are added."""
        length = len(self)
        if length > len(self._array):
            grown = np.empty(2 * length, np.int32)
            grown[: self._held] = self._array[: self._held]
            self._array = grown
        self._array[self._held : length] = self._new
        self._held = length
        self._new.clear()
        return self._array[:length]
