"""Where a stem's or a form's terms stand: found by the hash of its letters, in one binary search.

A directory has a row for each distinct key of a sorted list, in the order of the keys' hashes:
the hash, and where in the list the key stands first. Who finds a hash compares the key.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from indexer.engines.whoosh.keys import Keys, Stretches
from indexer.engines.whoosh.sections import Array

PREFIX_BYTES = 4
SEVERAL = 1 << 31
"""Set in the first place of a form that several terms have, one behind the other."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The columns of a directory that is being written."""

    hashes: Array
    firsts: Array
    beyonds: Array


def directory(keys: Stretches) -> Directory:
    """Return the directory of *keys*, which ascend and may repeat."""
    bounds = np.flatnonzero(keys.changes())
    hashes = keys.taken(bounds).sums()
    order = np.argsort(hashes)
    beyonds = np.append(bounds[1:], len(keys.begins)).astype(bounds.dtype)
    return Directory(hashes[order], bounds[order], beyonds[order])


@dataclass(frozen=True, slots=True)
class Forms:
    """The terms in the order of their forms, what these begin with, and where each is found."""

    order: Array
    prefixes: Array
    directory: Directory


def in_order_of_forms(keys: Keys) -> Forms:
    """Return the terms with these *keys* in the order of their forms."""
    forms = keys.forms()
    order = forms.order()
    ordered = forms.taken(order)
    # As numbers they sort as their first four bytes do.
    prefixes = ordered.lane(np.arange(len(keys))) >> np.uint64(8 * PREFIX_BYTES)
    return Forms(order.astype(np.uint32), prefixes.astype(np.uint32), directory(ordered))


class Rows:
    """A directory as it stands in a file."""

    def __init__(self, hashes: Array, firsts: Array) -> None:
        # A memory view gives plain numbers, and a single one quicker than an array does.
        self._hashes = hashes.data
        self._firsts = firsts.data

    def matching(self, key: bytes) -> Iterator[tuple[int, int]]:
        """Yield row and first place of keys with the hash of *key*: nearly always one or none."""
        hashes, wanted = self._hashes, crc32(key)
        row = bisect_left(hashes, wanted)
        while row < len(hashes) and hashes[row] == wanted:
            yield row, self._firsts[row]
            row += 1


def form_of(key: bytes) -> bytes:
    """Return the folded form in a term's key, empty for a stem's own term."""
    return key[key.index(0) + 1 :]
