"""The chunks of many texts at once: found, hashed and numbered as arrays.

A chunk's hash mixes its bytes eight at a time, by steps that lose nothing: up to eight bytes it is
exact, beyond that two of a million different chunks share one with a chance of 1 in 10 million.
A secret start keeps anyone from writing texts whose chunks collide.

Chunks are fewer than the chain's: without the commas and stops at their ends, which it passes over,
and two where two words meet at an apostrophe, «dell'Ucraina», which it reads apart as well.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

import numpy as np

from indexer.engines.whoosh import native
from indexer.engines.whoosh.blanking import blanked
from indexer.engines.whoosh.lanes import LANE, lanes
from indexer.engines.whoosh.native import texts as kernel
from indexer.engines.whoosh.sections import Array

_BLANK = 32
_SECRET = np.uint64(secrets.randbits(64))
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(LANE + 1)], np.uint64)
_FULL = 0.6
_LEAST_BITS = 12
_AT_ONCE = 1 << 16  # hashes that room is made for, as if all were new
_FIRST_WORD = re.compile(rb"(?<= )[A-Za-z]++'(?=(?:[A-Za-z]|\xc3[^\x97\xb7])++[.,]*+ )")


class Text:
    """The chunks of *texts*, in UTF-8; ``counts`` tells how many each has."""

    counts: Array
    hashes: Array

    def __init__(self, texts: Sequence[bytes]) -> None:
        pieces = blanked(texts)
        # The padding lets eight bytes be read from any place.
        self._bytes = b"".join([b" ", *pieces, b" " * LANE])
        text_ends = np.cumsum([*map(len, pieces)]) + 1
        kernels = native.library()
        if kernels:
            cut = kernel.cut(kernels, self._bytes, LANE, text_ends, int(_SECRET))
            self._starts, self._ends, self.hashes, self.counts = cut
            return
        letters = np.frombuffer(self._bytes, np.uint8)
        blank = letters == _BLANK
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        ends = _without_stops(letters, starts, ends)
        second = [match.end() for match in _FIRST_WORD.finditer(self._bytes)]
        starts, ends = (np.sort(np.append(each, second).astype(np.intp)) for each in (starts, ends))
        self._starts, self._ends = starts, ends
        self.counts = np.diff(starts.searchsorted(text_ends), prepend=0)
        self.hashes = _hash(letters, starts, ends - starts)

    def chunks(self, rows: Array) -> list[bytes]:
        """Return the chunks *rows*."""
        bounds = zip(self._starts[rows].tolist(), self._ends[rows].tolist(), strict=True)
        return [self._bytes[start:end] for start, end in bounds]


def _without_stops(letters: Array, starts: Array, ends: Array) -> Array:
    rows, ends = np.arange(len(ends)), ends.copy()
    while len(rows):
        final = letters[ends[rows] - 1]
        rows = rows[(ends[rows] > starts[rows]) & ((final == ord(",")) | (final == ord(".")))]
        ends[rows] -= 1
    return ends


def _hash(letters: Array, starts: Array, sizes: Array) -> Array:
    from_place = lanes(letters)
    hashes = _mixed(from_place[starts] & _MASKS[np.minimum(sizes, LANE)] ^ _SECRET)
    rows = np.flatnonzero(sizes > LANE)
    done = LANE
    while len(rows):
        rest = sizes[rows] - done
        lane = from_place[starts[rows] + done] & _MASKS[np.minimum(rest, LANE)]
        hashes[rows] = _mixed(hashes[rows] ^ lane)
        rows = rows[rest > LANE]
        done += LANE
    return np.maximum(hashes, 1)  # 0 is a free slot


def _mixed(numbers: Array) -> Array:
    """Spread what tells numbers apart over all their bits (the last steps of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Array = numbers ^ (numbers >> np.uint64(31))
    return mixed


class ChunkNumbers:
    """A number for each hash of a chunk, in the order in which they come (open addressing)."""

    def __init__(self) -> None:
        self._held = 0
        self._make_room(1 << _LEAST_BITS)

    def _make_room(self, slots: int) -> None:
        self._bits = slots.bit_length() - 1
        self._hashes: Array = np.zeros(slots, np.uint64)
        self._numbers: Array = np.zeros(slots, np.int32)

    def __len__(self) -> int:
        return self._held

    def number(self, hashes: Array) -> tuple[Array, Array]:
        """Return the number of each hash, and the places where new ones stand first, in order."""
        numbers, firsts = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        for begin in range(0, len(hashes), _AT_ONCE):
            some = hashes[begin : begin + _AT_ONCE]
            own, new = self._number(some)
            numbers.append(own)
            firsts.append(new + begin)
        return np.concatenate(numbers), np.concatenate(firsts)

    def _number(self, hashes: Array) -> tuple[Array, Array]:
        self._grow_for(len(hashes))
        kernels = native.library()
        if kernels:
            numbers, new = kernel.number(kernels, hashes, self._hashes, self._numbers, self._held)
            self._held += len(new)
            return numbers, new
        numbers, missing = self._find(hashes)
        _, places = np.unique(hashes[missing], return_index=True)
        new = np.sort(missing[places])
        self._put(hashes[new], np.arange(self._held, self._held + len(new), dtype=np.int32))
        self._held += len(new)
        numbers[missing], _ = self._find(hashes[missing])
        return numbers, new

    def _grow_for(self, more: int) -> None:
        """Make room for so many *more*, though hardly all of them will be new."""
        if self._held + more <= _FULL * len(self._hashes):
            return
        held = np.flatnonzero(self._hashes)
        hashes, numbers = self._hashes[held], self._numbers[held]
        self._make_room(len(self._hashes) << 2)
        self._put(hashes, numbers)
        self._grow_for(more)

    def _find(self, hashes: Array) -> tuple[Array, Array]:
        """Return the number of each hash, and the places of those that are not there."""
        slots = self._first_slots(hashes)
        there = self._hashes[slots]
        numbers = self._numbers[slots]
        missing = [np.flatnonzero(there == 0)]
        rows = np.flatnonzero((there != hashes) & (there != 0))
        slots = slots[rows]
        while len(rows):
            slots = self._next(slots)
            there = self._hashes[slots]
            found = there == hashes[rows]
            numbers[rows[found]] = self._numbers[slots[found]]
            missing.append(rows[there == 0])
            further = ~found & (there != 0)
            rows, slots = rows[further], slots[further]
        return numbers, np.concatenate(missing)

    def _put(self, hashes: Array, numbers: Array) -> None:
        """Add distinct *hashes* that are not there yet; there is room."""
        slots = self._first_slots(hashes)
        while len(hashes):
            free = np.flatnonzero(self._hashes[slots] == 0)
            # Of several that want one slot the last gets it.
            self._hashes[slots[free]] = hashes[free]
            placed = self._hashes[slots] == hashes
            self._numbers[slots[placed]] = numbers[placed]
            hashes, numbers = hashes[~placed], numbers[~placed]
            slots = self._next(slots[~placed])

    def _first_slots(self, hashes: Array) -> Array:
        return (hashes >> np.uint64(64 - self._bits)).astype(np.intp)

    def _next(self, slots: Array) -> Array:
        following: Array = (slots + 1) & (len(self._hashes) - 1)
        return following
