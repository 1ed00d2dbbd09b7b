"""Articles on their way into the cluster, on this machine's disk: whole before the first is sent.

What goes wrong while they are read changes nothing then, and no list of them is held in memory.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import IO

import numpy as np
import zstandard

from indexer.engines.contract import StoredArticle
from indexer.engines.opensearch.entry import line

_IN_MEMORY = 16 << 20  # bytes


class Spool:
    """Articles in the order they came, of those with one id the last alone."""

    def __init__(self, articles: Iterable[StoredArticle]) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        try:
            hashes = self._take(articles)
        except BaseException:
            self._file.close()
            raise
        every = np.frombuffer(hashes, np.uint64) if hashes else np.zeros(0, np.uint64)
        # Of equals the last: np.unique tells the first, so it is given them backwards.
        _, last = np.unique(every[::-1], return_index=True)
        self._stay = np.zeros(len(every), bool)
        self._stay[len(every) - 1 - last] = True

    def _take(self, articles: Iterable[StoredArticle]) -> array[int]:
        hashes = array("Q")
        with zstandard.ZstdCompressor(level=1).stream_writer(self._file, closefd=False) as packed:
            for stored in articles:
                hashes.append(_hash(stored.article.id))
                packed.write(line(stored) + b"\n")
        return hashes

    def __len__(self) -> int:
        return int(self._stay.sum())

    def __iter__(self) -> Iterator[bytes]:
        """Return the articles as lines (entry.py: `line`)."""
        self._file.seek(0)
        reader = zstandard.ZstdDecompressor().stream_reader(self._file, closefd=False)
        rest = b""
        place = 0
        while block := reader.read(1 << 20):
            *lines, rest = (rest + block).split(b"\n")
            for each in lines:
                if self._stay[place]:
                    yield each
                place += 1

    def close(self) -> None:
        """Free the room."""
        self._file.close()


def _hash(article_id: str) -> int:
    name = article_id.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "little")
