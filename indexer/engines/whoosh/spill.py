"""Work in progress put on disk, so that memory stays the same however much is indexed."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.sections import Array


class Spill:
    """A nameless temporary file in the index's folder; gone when closed, or when we die."""

    def __init__(self, folder: Path) -> None:
        # Unbuffered: what the disk refuses is told when it is written, never when we close.
        self._file = tempfile.TemporaryFile(dir=folder, prefix=".spill-", buffering=0)  # noqa: SIM115
        self._end = 0

    def put(self, array: Array) -> Array:
        """Write *array*; return it as a map of the file."""
        start = self._end
        self.put_bytes(array.tobytes())
        if not len(array):
            return array
        return np.memmap(self._file, array.dtype, "r", start, array.shape)

    def put_postings(self, postings: Postings) -> Postings:
        """Write the arrays that grow with the articles' words; keep the rest."""
        return replace(
            postings,
            numbers=self.put(postings.numbers),
            codes=self.put(postings.codes),
            positions=self.put(postings.positions),
        )

    def put_bytes(self, content: bytes) -> None:
        """Append *content*."""
        rest = memoryview(content)
        while len(rest):
            written = os.pwrite(self._file.fileno(), rest, self._end)
            self._end += written
            rest = rest[written:]

    def read_into(self, target: Array) -> None:
        """Fill *target*, an array of bytes, from the beginning."""
        rest, at = target.data, 0
        while len(rest):
            count = os.preadv(self._file.fileno(), [rest], at)
            at += count
            rest = rest[count:]

    def close(self) -> None:
        """Give the room back."""
        self._file.close()
