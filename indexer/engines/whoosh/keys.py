"""Many keys of terms as one array of bytes: put in order and compared without an object for each.

They are read eight bytes at a time, as numbers that sort as the bytes do. What is behind a key's
end counts as zeros: its own zero byte, of which each key has one, still tells any two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np

from indexer.engines.whoosh import native
from indexer.engines.whoosh.lanes import LANE, lanes
from indexer.engines.whoosh.native import stretches as kernel
from indexer.engines.whoosh.sections import Array

_KEPT = np.array([(1 << 64) - (1 << 8 * (LANE - size)) for size in range(LANE + 1)], np.uint64)
_AT_ONCE = 1 << 14
_ROUNDS = 8  # of lanes; what is longer, and still alike, is compared as bytes


@dataclass(frozen=True, slots=True)
class Stretches:
    """A part of each key, its stem or its form: in the text of *keys*, from *begins* to *ends*."""

    keys: Keys
    begins: Array
    ends: Array

    @property
    def text(self) -> Array:
        """The bytes that they are stretches of."""
        return self.keys.text

    def lane(self, rows: Array, at: int = 0) -> Array:
        """Return the eight bytes from *at* on of the stretches *rows*, as numbers that sort so."""
        begins = self.begins[rows] + at
        sizes = np.minimum(np.maximum(self.ends[rows] - begins, 0), LANE)
        lanes = self.keys.lanes
        read: Array = lanes[np.minimum(begins, len(lanes) - 1)].byteswap() & _KEPT[sizes]
        return read

    def taken(self, rows: Array) -> Stretches:
        """Return the stretches *rows*, in their order."""
        return Stretches(self.keys, self.begins[rows], self.ends[rows])

    def sums(self) -> Array:
        """Return the CRC-32 of each."""
        kernels = native.library()
        if kernels:
            return kernel.sums(kernels, self.text, self.begins, self.ends)
        text, bounds = self.text.data, zip(self.begins.tolist(), self.ends.tolist(), strict=True)
        return np.fromiter((crc32(text[a:b]) for a, b in bounds), np.uint32, len(self.begins))

    def order(self) -> Array:
        """Return the rows in the order of their bytes; of equal ones the first row comes first."""
        kernels = native.library()
        if kernels:
            return kernel.order(kernels, self.text, self.begins, self.ends)
        first = self.lane(np.arange(len(self.begins)))
        order = np.argsort(first, kind="stable")
        tied, groups = _ties(first[order], np.zeros(len(order), np.intp))
        for at in range(LANE, LANE * _ROUNDS, LANE):
            tied, groups = self._unended(order, tied, groups, at)
            if not len(tied):
                return order
            rows = order[tied]
            following = self.lane(rows, at)
            by = np.lexsort([following, groups])
            order[tied] = rows[by]
            places, groups = _ties(following[by], groups)
            tied = tied[places]
        # Long words that begin alike are few.
        keyed = zip(groups.tolist(), order[tied].tolist(), strict=True)
        order[tied] = [
            row for _, row in sorted(keyed, key=lambda each: (each[0], self._bytes(each[1])))
        ]
        return order

    def _unended(self, order: Array, tied: Array, groups: Array, at: int) -> tuple[Array, Array]:
        """Return those of *tied* places in whose group any stretch goes on behind *at*."""
        rows = order[tied]
        goes_on = np.zeros(int(groups.max(initial=0)) + 1, bool)
        goes_on[groups[self.ends[rows] - self.begins[rows] > at]] = True
        kept = goes_on[groups]
        return tied[kept], groups[kept]

    def _bytes(self, row: int) -> bytes:
        return self.text[self.begins[row] : self.ends[row]].tobytes()

    def changes(self) -> Array:
        """Tell of each stretch whether it differs from the one before it; the first one does."""
        kernels = native.library()
        if kernels:
            return kernel.changes(kernels, self.text, self.begins, self.ends)
        changes = np.ones(len(self.begins), bool)
        sizes = self.ends - self.begins
        alike = np.flatnonzero(sizes[1:] == sizes[:-1]) + 1
        for at in range(0, LANE * _ROUNDS, LANE):
            if not len(alike):
                return changes
            alike = alike[self.lane(alike, at) == self.lane(alike - 1, at)]
            changes[alike[sizes[alike] <= at + LANE]] = False
            alike = alike[sizes[alike] > at + LANE]
        for row in alike.tolist():
            changes[row] = self._bytes(row) != self._bytes(row - 1)
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
        kernels = native.library()
        if kernels:
            begins = self.starts[rows]
            return Keys(kernel.gather(kernels, self.text, begins, begins + sizes), starts)
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
    def lanes(self) -> Array:
        """Eight bytes from each place of the text on."""
        return lanes(np.append(self.text, np.zeros(LANE, np.uint8)))

    @cached_property
    def _zeros(self) -> Array:
        zeros = np.flatnonzero(self.text == 0)
        whole = len(zeros) == len(self)
        if not whole or ((zeros < self.starts[:-1]) | (zeros >= self.starts[1:])).any():
            raise ValueError("a key of a term has no zero byte, or several")
        return zeros

    def whole(self) -> Stretches:
        """Return all of each key."""
        return Stretches(self, self.starts[:-1], self.starts[1:])

    def stems(self) -> Stretches:
        """Return the stem of each key, empty for a stop word."""
        return Stretches(self, self.starts[:-1], self._zeros)

    def forms(self) -> Stretches:
        """Return the folded form of each key, empty for a stem's own term."""
        return Stretches(self, self._zeros + 1, self.starts[1:])


def _ties(read: Array, groups: Array) -> tuple[Array, Array]:
    """Return the places whose lane is a neighbour's of the same group, and their groups anew.

    *read* ascend within each of *groups*, which ascend too.
    """
    same = (read[1:] == read[:-1]) & (groups[1:] == groups[:-1])
    first = np.ones(len(read), bool)
    first[1:] = ~same
    tied = paired(same, len(read))
    return np.flatnonzero(tied), np.cumsum(first)[tied]


def paired(same: Array, count: int) -> Array:
    """Tell of each of *count* whether a neighbour is the same.

    *same* tells it of all but the first, and of the one before.
    """
    found = np.zeros(count, bool)
    found[1:] |= same
    found[:-1] |= same
    return found
