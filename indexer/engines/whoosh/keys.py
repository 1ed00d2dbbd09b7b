"""Many keys of terms as one array of bytes: put in order and compared without an object for each.

They are read eight bytes at a time, as numbers that sort as the bytes do. What is behind a key's
end counts as zeros: its own zero byte, of which each key has one, still tells any two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.engines.whoosh.sections import Array

_LANE = 8  # bytes
_KEPT = np.array([(1 << 64) - (1 << 8 * (_LANE - size)) for size in range(_LANE + 1)], np.uint64)
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Stretches:
    """A part of each key, its stem or its form: from *begins* to *ends* in *lanes*."""

    text: Array
    lanes: Array
    begins: Array
    ends: Array

    def lane(self, rows: Array, at: int = 0) -> Array:
        """Return the eight bytes from *at* on of the stretches *rows*, as numbers that sort so."""
        begins = self.begins[rows] + at
        sizes = np.minimum(np.maximum(self.ends[rows] - begins, 0), _LANE)
        lanes: Array = self.lanes[np.minimum(begins, len(self.lanes) - 1)].byteswap() & _KEPT[sizes]
        return lanes

    def taken(self, rows: Array) -> Stretches:
        """Return the stretches *rows*, in their order."""
        return Stretches(self.text, self.lanes, self.begins[rows], self.ends[rows])

    def each(self) -> Iterator[memoryview]:
        """Yield the bytes of each."""
        text = self.text.data
        return (text[a:b] for a, b in zip(self.begins.tolist(), self.ends.tolist(), strict=True))

    def order(self) -> Array:
        """Return the rows in the order of their bytes; of equal ones the first row comes first."""
        first = self.lane(np.arange(len(self.begins)))
        order = np.argsort(first, kind="stable")
        changes = _changes(first[order])
        at, tied = _LANE, np.arange(len(order))
        while len(tied := self._tied(order, changes, tied, at)):
            groups, lanes = np.cumsum(changes)[tied], self.lane(order[tied], at)
            by = np.lexsort([lanes, groups])
            order[tied] = order[tied][by]
            changes[tied[1:]] |= (lanes[by][1:] != lanes[by][:-1]) & (tied[1:] == tied[:-1] + 1)
            at += _LANE
        return order

    def _tied(self, order: Array, changes: Array, among: Array, at: int) -> Array:
        """Return the places *among* those of *order* whose stretches are equal up to *at*.

        Those of which no byte is left are none of them.
        """
        alike = ~changes
        alike[:-1] |= ~changes[1:]
        among = among[alike[among]]
        rows, groups = order[among], np.cumsum(changes)[among]
        longest = np.zeros(len(changes) + 1, np.int64)
        np.maximum.at(longest, groups, self.ends[rows] - self.begins[rows])
        tied: Array = among[longest[groups] > at]
        return tied

    def changes(self) -> Array:
        """Tell of each stretch whether it differs from the one before it; the first one does."""
        changes = np.ones(len(self.begins), bool)
        sizes = self.ends - self.begins
        alike = np.flatnonzero(sizes[1:] == sizes[:-1]) + 1
        at = 0
        while len(alike):
            alike = alike[self.lane(alike, at) == self.lane(alike - 1, at)]
            at += _LANE
            changes[alike[sizes[alike] <= at]] = False
            alike = alike[sizes[alike] > at]
        return changes


class Keys:
    """Keys one behind the other in *text*, each from one of *starts* up to the next."""

    def __init__(self, text: Array, starts: Array) -> None:
        self.text = text
        self.starts = starts

    @classmethod
    def of(cls, keys: Sequence[bytes]) -> Keys:
        """Return *keys*."""
        starts = np.zeros(len(keys) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, keys), np.int64, len(keys)), out=starts[1:])
        return cls(np.frombuffer(b"".join(keys), np.uint8), starts)

    @classmethod
    def joined(cls, parts: Iterable[Keys]) -> Keys:
        """Return the keys of all *parts*, in their order."""
        texts, starts, end = [np.zeros(0, np.uint8)], [np.zeros(1, np.int64)], 0
        for part in parts:
            texts.append(part.text)
            starts.append(part.starts[1:] + end)
            end += len(part.text)
        return cls(np.concatenate(texts), np.concatenate(starts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> bytes:
        return self.text[self.starts[row] : self.starts[row + 1]].tobytes()

    def chosen(self, rows: Array) -> Keys:
        """Return the keys *rows*, in their order."""
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        text = np.empty(int(starts[-1]), np.uint8)
        for first in range(0, len(rows), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            begin, end = starts[first], starts[min(first + _AT_ONCE, len(rows))]
            shift = np.repeat(
                self.starts[rows[some]] - starts[some][: len(rows[some])], sizes[some]
            )
            text[begin:end] = self.text[shift + np.arange(begin, end)]
        return Keys(text, starts)

    @cached_property
    def _lanes(self) -> Array:
        padded = np.append(self.text, np.zeros(_LANE, np.uint8))
        return np.ndarray(len(padded) - _LANE + 1, "<u8", padded, strides=(1,))

    @cached_property
    def _zeros(self) -> Array:
        zeros = np.flatnonzero(self.text == 0)
        whole = len(zeros) == len(self)
        if not whole or ((zeros < self.starts[:-1]) | (zeros >= self.starts[1:])).any():
            raise ValueError("a key of a term has no zero byte, or several")
        return zeros

    def whole(self) -> Stretches:
        """Return all of each key."""
        return self._stretches(self.starts[:-1], self.starts[1:])

    def stems(self) -> Stretches:
        """Return the stem of each key, empty for a stop word."""
        return self._stretches(self.starts[:-1], self._zeros)

    def forms(self) -> Stretches:
        """Return the folded form of each key, empty for a stem's own term."""
        return self._stretches(self._zeros + 1, self.starts[1:])

    def _stretches(self, begins: Array, ends: Array) -> Stretches:
        return Stretches(self.text, self._lanes, begins, ends)


def _changes(ordered: Array) -> Array:
    changes = np.ones(len(ordered), bool)
    changes[1:] = ordered[1:] != ordered[:-1]
    return changes
