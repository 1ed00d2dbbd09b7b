"""Articles as kept: written once, compressed in small blocks, read back one by one.

A block holds a few articles, each a line of JSON (all but the text, with the time the index took
it in) and behind it the text in plain UTF-8, so that the page of a search parses little and copies
the text once. ``raw`` stands in blocks of its own: a search never reads it.
"""

from __future__ import annotations

import json
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.articles import Article
from indexer.engines.contract import StoredArticle
from indexer.engines.whoosh.sections import Array, Draft, Sections
from indexer.engines.whoosh.spill import Spill

_BLOCK = 12_000  # bytes before compression: 4 articles; larger saves little, and reads slower
_LEVEL = 1
_LENGTH = 4  # bytes that tell how long an entry is
_CODEC = threading.local()
_FIELDS = ("title", "date", "modified", "source", "author", "section", "url")


def encode(stored: StoredArticle) -> bytes:
    """Return an article without its ``raw``, as bytes."""
    article = stored.article
    head: dict[str, Any] = {"id": article.id, "indexed_at": stored.indexed_at}
    head |= {name: value for name in _FIELDS if (value := getattr(article, name))}
    if article.title_derived:
        head["title_derived"] = True
    if article.tags:
        head["tags"] = article.tags
    if article.extra:
        head["extra"] = dict(article.extra)
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return f"{line}\n{article.text}".encode("utf-8", "surrogatepass")


def decode(kept: bytes, raw: str | None = None) -> StoredArticle:
    """Return what ``encode`` was given."""
    line, _, text = kept.decode("utf-8", "surrogatepass").partition("\n")
    head = json.loads(line)
    indexed_at = head.pop("indexed_at")
    head["tags"] = tuple(head.get("tags", ()))
    return StoredArticle(Article(**head, text=text, raw=raw), indexed_at)


class StoreWriter:
    """Collects byte strings into compressed blocks on disk, until their file is laid out."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._spill = Spill(folder)
        self._pending = bytearray()
        self._blocks: list[int] = []
        self._offsets: list[int] = []
        self._sizes: list[int] = []

    def __len__(self) -> int:
        return len(self._blocks)

    def add(self, kept: bytes) -> None:
        """Take the next one."""
        self._blocks.append(len(self._sizes))
        self._offsets.append(len(self._pending))
        self._pending += len(kept).to_bytes(_LENGTH, "little")
        self._pending += kept
        if len(self._pending) >= _BLOCK:
            self._finish_block()

    def copy(self, store: Store, numbers: Array) -> None:
        """Take the entries *numbers* of *store*; whole blocks, where that wastes little."""
        if not store.well_packed(len(numbers)):
            for number in numbers.tolist():
                self.add(store[number])
            return
        self._finish_block()
        blocks, offsets, sizes, compressed = store.everything()
        self._blocks += (blocks[numbers].astype(np.int64) + len(self._sizes)).tolist()
        self._offsets += offsets[numbers].tolist()
        self._sizes += sizes.tolist()
        self._spill.put_bytes(compressed)

    def _finish_block(self) -> None:
        if self._pending:
            block = _compressor().compress(self._pending)
            self._spill.put_bytes(block)
            self._sizes.append(len(block))
            self._pending.clear()

    def layout(self) -> dict[str, tuple[int, npt.DTypeLike]]:
        """Return name → (length, type) of the sections that ``fill`` fills."""
        self._finish_block()
        return {
            f"{self._name}_entry_blocks": (len(self._blocks), np.uint32),
            f"{self._name}_entry_offsets": (len(self._blocks), np.uint32),
            f"{self._name}_block_starts": (len(self._sizes) + 1, np.uint64),
            f"{self._name}_blocks": (sum(self._sizes), np.uint8),
        }

    def fill(self, draft: Draft) -> None:
        """Write everything into *draft*."""
        draft[f"{self._name}_entry_blocks"][:] = self._blocks
        draft[f"{self._name}_entry_offsets"][:] = self._offsets
        draft[f"{self._name}_block_starts"][1:] = np.cumsum(self._sizes)
        self._spill.read_into(draft[f"{self._name}_blocks"])

    def close(self) -> None:
        """Give the room back."""
        self._spill.close()


class Store:
    """The byte strings of one file, by number."""

    def __init__(self, name: str, sections: Sections) -> None:
        self._sections = sections
        self._name = name
        self._blocks = sections.array(f"{name}_blocks")

    @cached_property
    def _entry_blocks(self) -> Array:
        return self._sections.array(f"{self._name}_entry_blocks").whole()

    @cached_property
    def _entry_offsets(self) -> Array:
        return self._sections.array(f"{self._name}_entry_offsets").whole()

    @cached_property
    def _block_starts(self) -> Array:
        return self._sections.array(f"{self._name}_block_starts").whole()

    def __len__(self) -> int:
        return len(self._entry_blocks)

    def __getitem__(self, number: int) -> bytes:
        block, offset = int(self._entry_blocks[number]), int(self._entry_offsets[number])
        start, stop = self._block_starts[block : block + 2].tolist()
        content = _decompressor().decompress(self._blocks[start:stop].data)
        text = offset + _LENGTH
        return content[text : text + int.from_bytes(content[offset:text], "little")]

    def well_packed(self, kept: int) -> bool:
        """Tell whether the blocks are full ones, and at least three quarters of them is *kept*."""
        blocks = len(self._block_starts) - 1
        return kept * 4 >= len(self) * 3 and blocks * 3 <= len(self)

    def everything(self) -> tuple[Array, Array, Array, bytes]:
        """Return the block and offset of each entry, the blocks' sizes, and the blocks."""
        return (
            self._entry_blocks,
            self._entry_offsets,
            np.diff(self._block_starts.astype(np.int64)),
            self._blocks.whole().tobytes(),
        )


# zstandard's objects must not be used by two threads at once.
def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_CODEC, "compressor"):
        _CODEC.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    compressor: zstandard.ZstdCompressor = _CODEC.compressor
    return compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_CODEC, "decompressor"):
        _CODEC.decompressor = zstandard.ZstdDecompressor()
    decompressor: zstandard.ZstdDecompressor = _CODEC.decompressor
    return decompressor
