"""Work in progress put on disk, so that memory stays the same however much is indexed."""

from __future__ import annotations

from dataclasses import replace

from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.storage import Folder


class Spill:
    """A nameless temporary file in the index's folder; gone when closed, or when we die."""

    def __init__(self, folder: Folder) -> None:
        self._file = folder.temporary()
        self._end = 0

    def put(self, array: Array) -> Array:
        """Write *array*; return it as a map of the file."""
        start = self._end
        self.put_bytes(array.tobytes())
        return self._file.array(array.dtype, start, len(array)) if len(array) else array

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
        self._file.write(content, self._end)
        self._end += len(content)

    def read_into(self, target: Array) -> None:
        """Fill *target*, an array of bytes, from the beginning."""
        self._file.read_into(target)

    def close(self) -> None:
        """Give the room back."""
        self._file.close()
