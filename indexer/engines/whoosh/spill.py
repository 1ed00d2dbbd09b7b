"""Work in progress put on disk, so that memory stays the same however much is indexed."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.draft import aligned
from indexer.engines.whoosh.files import NewFile
from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.storage import Folder

_IN_MEMORY = 1 << 20  # bytes: a few articles need no file, and many are written at once
_LARGE = ("terms", "starts", "position_starts", "numbers", "codes", "positions")


class Spill:
    """A nameless temporary file in the index's folder; gone when closed, or when we die.

    Until there is more than a little it is none.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._file: NewFile | None = None
        self._written = 0
        self._waiting = bytearray()

    def put_postings(self, postings: Postings) -> Postings:
        """Write the arrays that grow with the articles; keep the rest."""
        arrays: dict[str, Array] = {name: getattr(postings, name) for name in _LARGE}
        self._pad()
        first = self._end
        places = {}
        for name, array in arrays.items():
            places[name] = slice(self._end - first, self._end - first + array.nbytes)
            self.put_bytes(array.tobytes())
            self._pad()
        # One map for all of them: each costs an open file.
        mapped = self._flushed().array(np.uint8, first, self._end - first)
        kept = {name: mapped[places[name]].view(arrays[name].dtype) for name in arrays}
        return Postings(vocabulary=postings.vocabulary, big=postings.big, **kept)

    @property
    def _end(self) -> int:
        return self._written + len(self._waiting)

    def _pad(self) -> None:
        self.put_bytes(bytes(aligned(self._end) - self._end))

    def put_bytes(self, content: bytes) -> None:
        """Append *content*."""
        self._waiting += content
        if len(self._waiting) > _IN_MEMORY:
            self._flushed()

    def _flushed(self) -> NewFile:
        """Return the file, with everything in it."""
        if self._file is None:
            self._file = self._folder.temporary()
        self._file.write(self._waiting, self._written)
        self._written += len(self._waiting)
        self._waiting = bytearray()
        return self._file

    def read_into(self, target: Array) -> None:
        """Fill *target*, an array of as many bytes as were put here."""
        if self._file is not None:
            self._file.read_into(target[: self._written])
        target[self._written :] = np.frombuffer(self._waiting, np.uint8)

    def close(self) -> None:
        """Give the room back."""
        if self._file is not None:
            self._file.close()
