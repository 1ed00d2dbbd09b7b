"""Byte strings of any length, compressed in blocks and read back one by one."""

from __future__ import annotations

import threading
from functools import cached_property

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.engines.whoosh.sections import Array, Draft, Sections
from indexer.engines.whoosh.spill import Spill
from indexer.engines.whoosh.storage import Folder

_BLOCK = 12_000  # bytes before compression, without a dictionary: some 4 articles
_LEVEL = 3
_LENGTH = 4  # bytes that tell how long an entry is
# Enough to train a dictionary on, in some 0.15 s; more makes it little better.
_SAMPLES, _SAMPLE_BYTES, _SAMPLE_MOST = 300, 500_000, 16_384
_DICTIONARY_BYTES = 65_536
_MOST_DICTIONARIES = 32
_PLAIN = -1


class StoreWriter:
    """Collects byte strings into compressed blocks on disk, until their file is laid out.

    The first ones wait until there are enough to train a dictionary on. With it each stands in a
    block of its own; where there are too few, several share a block.
    """

    def __init__(self, name: str, folder: Folder) -> None:
        self._name = name
        self._spill = Spill(folder)
        self._waiting: list[bytes] | None = []
        self._waiting_size = 0
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._dictionaries: list[bytes] = []
        self._dictionary = _PLAIN
        self._blocks: list[int] = []
        self._offsets: list[int] = []
        self._sizes: list[int] = []
        self._block_dictionaries: list[int] = []

    def __len__(self) -> int:
        return len(self._blocks)

    def add(self, kept: bytes) -> None:
        """Take the next one."""
        self._blocks.append(-1)
        self._offsets.append(0)
        if self._waiting is None:
            self._put([kept], len(self) - 1)
            return
        self._waiting.append(kept)
        self._waiting_size += len(kept)
        if len(self._waiting) >= _SAMPLES and self._waiting_size >= _SAMPLE_BYTES:
            self._train()

    def _train(self) -> None:
        assert self._waiting is not None
        waiting, self._waiting = self._waiting, None
        first = len(self) - len(waiting)
        try:
            dictionary = zstandard.train_dictionary(
                _DICTIONARY_BYTES, [kept[:_SAMPLE_MOST] for kept in waiting]
            )
        except zstandard.ZstdError:  # nothing in them repeats
            self._put_together(waiting, first)
            self._waiting, self._waiting_size = [], 0
            return
        self._compressor = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=dictionary, write_checksum=True
        )
        self._dictionaries.append(dictionary.as_bytes())
        self._dictionary = len(self._dictionaries) - 1
        for number, kept in enumerate(waiting, first):
            self._put([kept], number)

    def _put_together(self, entries: list[bytes], first: int) -> None:
        block: list[bytes] = []
        size = 0
        for number, kept in enumerate(entries, first):
            block.append(kept)
            size += len(kept)
            if size >= _BLOCK:
                self._put(block, number + 1 - len(block))
                block, size = [], 0
        if block:
            self._put(block, first + len(entries) - len(block))

    def _put(self, entries: list[bytes], first: int) -> None:
        offset = 0
        for number, kept in enumerate(entries, first):
            self._blocks[number] = len(self._sizes)
            self._offsets[number] = offset
            offset += _LENGTH + len(kept)
        parts = (len(kept).to_bytes(_LENGTH, "little") + kept for kept in entries)
        block = self._compressor.compress(b"".join(parts))
        self._spill.put_bytes(block)
        self._sizes.append(len(block))
        self._block_dictionaries.append(self._dictionary)

    def copy(self, store: Store, numbers: Array) -> None:
        """Take the entries *numbers* of *store*; whole blocks, where that wastes little."""
        dictionaries = store.dictionaries()
        if not store.well_packed(len(numbers)) or (
            len(self._dictionaries) + len(dictionaries) > _MOST_DICTIONARIES
        ):
            for number in numbers.tolist():
                self.add(store[number])
            return
        self._finish()
        blocks, offsets, sizes, own_dictionaries, compressed = store.everything()
        self._blocks += (blocks[numbers].astype(np.int64) + len(self._sizes)).tolist()
        self._offsets += offsets[numbers].tolist()
        self._sizes += sizes.tolist()
        moved = np.where(own_dictionaries < 0, _PLAIN, own_dictionaries + len(self._dictionaries))
        self._block_dictionaries += moved.tolist()
        self._dictionaries += dictionaries
        self._spill.put_bytes(compressed)

    def _finish(self) -> None:
        """Put what still waits into blocks."""
        if self._waiting:
            self._put_together(self._waiting, len(self) - len(self._waiting))
            self._waiting, self._waiting_size = [], 0

    def layout(self) -> dict[str, tuple[int, npt.DTypeLike]]:
        """Return name → (length, type) of the sections that ``fill`` fills."""
        self._finish()
        return {
            f"{self._name}_entry_blocks": (len(self._blocks), np.uint32),
            f"{self._name}_entry_offsets": (len(self._blocks), np.uint32),
            f"{self._name}_block_starts": (len(self._sizes) + 1, np.uint64),
            f"{self._name}_block_dictionaries": (len(self._sizes), np.int8),
            f"{self._name}_blocks": (sum(self._sizes), np.uint8),
            f"{self._name}_dictionary_sizes": (len(self._dictionaries), np.uint32),
            f"{self._name}_dictionaries": (sum(map(len, self._dictionaries)), np.uint8),
        }

    def fill(self, draft: Draft) -> None:
        """Write everything into *draft*."""
        name = self._name
        draft[f"{name}_entry_blocks"][:] = self._blocks
        draft[f"{name}_entry_offsets"][:] = self._offsets
        draft[f"{name}_block_starts"][1:] = np.cumsum(self._sizes)
        draft[f"{name}_block_dictionaries"][:] = self._block_dictionaries
        draft[f"{name}_dictionary_sizes"][:] = [len(each) for each in self._dictionaries]
        every = b"".join(self._dictionaries)
        draft[f"{name}_dictionaries"][:] = np.frombuffer(every, np.uint8)
        self._spill.read_into(draft[f"{name}_blocks"])

    def close(self) -> None:
        """Give the room back."""
        self._spill.close()


class Store:
    """The byte strings of one file, by number."""

    def __init__(self, name: str, sections: Sections) -> None:
        self._sections = sections
        self._name = name
        self._blocks = sections.array(f"{name}_blocks")
        # zstandard's objects must not be used by two threads at once.
        self._one_at_a_time = threading.Lock()
        self._decompressors: dict[int, zstandard.ZstdDecompressor] = {}

    def _array(self, part: str) -> Array:
        return self._sections.array(f"{self._name}_{part}").whole()

    @cached_property
    def _entry_blocks(self) -> Array:
        return self._array("entry_blocks")

    @cached_property
    def _entry_offsets(self) -> Array:
        return self._array("entry_offsets")

    @cached_property
    def _block_starts(self) -> Array:
        return self._array("block_starts")

    @cached_property
    def _block_dictionaries(self) -> Array:
        return self._array("block_dictionaries")

    def __len__(self) -> int:
        return len(self._entry_blocks)

    def __getitem__(self, number: int) -> bytes:
        entry_blocks, entry_offsets, block_starts, dictionaries = self._places
        block, offset = entry_blocks[number], entry_offsets[number]
        compressed = self._blocks.view(block_starts[block], block_starts[block + 1])
        dictionary = dictionaries[block]
        with self._one_at_a_time:
            decompressor = self._decompressors.get(dictionary) or self._decompressor(dictionary)
            content = decompressor.decompress(compressed)
        text = offset + _LENGTH
        return content[text : text + int.from_bytes(content[offset:text], "little")]

    @cached_property
    def _places(self) -> tuple[memoryview, memoryview, memoryview, memoryview]:
        # A memory view gives plain numbers, and single ones quicker than an array does.
        return (
            self._entry_blocks.data,
            self._entry_offsets.data,
            self._block_starts.data,
            self._block_dictionaries.data,
        )

    def _decompressor(self, dictionary: int) -> zstandard.ZstdDecompressor:
        if dictionary == _PLAIN:
            made = zstandard.ZstdDecompressor()
        else:
            trained = zstandard.ZstdCompressionDict(self.dictionaries()[dictionary])
            made = zstandard.ZstdDecompressor(dict_data=trained)
        self._decompressors[dictionary] = made
        return made

    def dictionaries(self) -> list[bytes]:
        """Return the trained dictionaries."""
        every = self._array("dictionaries").tobytes()
        ends = np.cumsum(self._array("dictionary_sizes").astype(np.int64)).tolist()
        return [every[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    def well_packed(self, kept: int) -> bool:
        """Tell whether the blocks are good ones, and at least three quarters of them is *kept*."""
        blocks = len(self._block_starts) - 1
        trained = bool((self._block_dictionaries != _PLAIN).all())
        return kept * 4 >= len(self) * 3 and (trained or blocks * 3 <= len(self))

    def everything(self) -> tuple[Array, Array, Array, Array, bytes]:
        """Return block and offset of each entry, the blocks' sizes and dictionaries, the blocks."""
        return (
            self._entry_blocks,
            self._entry_offsets,
            np.diff(self._block_starts.astype(np.int64)),
            self._block_dictionaries.astype(np.int64),
            self._blocks.whole().tobytes(),
        )
