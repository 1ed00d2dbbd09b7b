"""Where a stem's or a form's terms stand: found by the hash of its letters, in one binary search.

A directory has a row for each distinct key of a sorted list, in the order of the keys' hashes:
the hash, and where in the list the key stands first. Who finds a hash compares the key.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import ne
from zlib import crc32

import numpy as np

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


def directory(keys: Sequence[bytes]) -> Directory:
    """Return the directory of *keys*, which ascend and may repeat."""
    changes = np.ones(len(keys) + 1, bool)
    changes[1:-1] = np.fromiter(map(ne, islice(keys, 1, None), keys), bool, max(0, len(keys) - 1))
    bounds = np.flatnonzero(changes[: len(keys)])
    hashes = np.fromiter((crc32(keys[row]) for row in bounds.tolist()), np.uint32, len(bounds))
    order = np.argsort(hashes, kind="stable")
    return Directory(hashes[order], bounds[order], np.append(bounds[1:], len(keys))[order])


@dataclass(frozen=True, slots=True)
class Forms:
    """The terms in the order of their forms, what these begin with, and where each is found."""

    order: Array
    prefixes: Array
    directory: Directory


def in_order_of_forms(keys: Sequence[bytes]) -> Forms:
    """Return the terms with these *keys* in the order of their forms."""
    forms = [form_of(key) for key in keys]
    order = np.array(sorted(range(len(keys)), key=forms.__getitem__), np.uint32)
    ordered = [forms[term] for term in order.tolist()]
    return Forms(order, _prefixes(ordered), directory(ordered))


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


def stem_of(key: bytes) -> bytes:
    """Return the stem in a term's key, empty for a stop word."""
    return key[: key.index(0)]


def form_of(key: bytes) -> bytes:
    """Return the folded form in a term's key, empty for a stem's own term."""
    return key[key.index(0) + 1 :]


def _prefixes(keys: Sequence[bytes]) -> Array:
    """Return the first four bytes of each key as a number that sorts alike."""
    padded = b"".join(key[:PREFIX_BYTES].ljust(PREFIX_BYTES, b"\0") for key in keys)
    return np.frombuffer(padded, ">u4")
