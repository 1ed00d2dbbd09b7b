"""Byte strings of any length, compressed in blocks (packing.py), read back one by one."""

from __future__ import annotations

import threading
from functools import cached_property

import numpy as np
import zstandard

from indexer.engines.whoosh.sections import Array, Section, Sections

LENGTH = 4  # bytes that tell how long an entry is, where several share a block
PLAIN = -1  # the dictionary of a block that was compressed without one
ALONE = 0xFFFFFFFF  # the place in its block of an entry that is the whole block


class Store:
    """The byte strings of one file, by number."""

    def __init__(self, name: str, sections: Sections) -> None:
        self._sections = sections
        self._name = name
        # zstandard's objects must not be used by two threads at once.
        self._one_at_a_time = threading.Lock()
        self._decompressors: dict[int, zstandard.ZstdDecompressor] = {}

    def _array(self, part: str) -> Array:
        return self._sections.array(f"{self._name}_{part}").whole()

    @cached_property
    def _blocks(self) -> Section:
        return self._sections.array(f"{self._name}_blocks")

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
        return len(self._entry_blocks) or len(self._block_starts) - 1

    def __getitem__(self, number: int) -> bytes:
        entry_blocks, entry_offsets, block_starts, dictionaries = self._places
        block, offset = number, ALONE
        if entry_blocks:
            block, offset = entry_blocks[number], entry_offsets[number]
        compressed = self._blocks.view(block_starts[block], block_starts[block + 1])
        dictionary = dictionaries[block]
        with self._one_at_a_time:
            decompressor = self._decompressors.get(dictionary) or self._decompressor(dictionary)
            content = decompressor.decompress(compressed)
        if offset == ALONE:
            return content
        begin = offset + LENGTH
        return content[begin : begin + int.from_bytes(content[offset:begin], "little")]

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
        if dictionary == PLAIN:
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
        """Tell whether the blocks are good ones, and at least three quarters of them is *kept*.

        Blocks of which nothing is left since an earlier copy count as not kept.
        """
        blocks = len(self._block_starts) - 1
        trained = bool((self._block_dictionaries != PLAIN).all())
        return kept * 4 >= max(len(self), blocks) * 3 and (trained or blocks * 3 <= len(self))

    def everything(self) -> tuple[Array, Array, Array, Array, bytes]:
        """Return block and offset of each entry, the blocks' sizes and dictionaries, the blocks."""
        blocks, offsets = self._entry_blocks, self._entry_offsets
        if not len(blocks):
            blocks, offsets = np.arange(len(self)), np.full(len(self), ALONE)
        return (
            blocks,
            offsets,
            np.diff(self._block_starts.astype(np.int64)),
            self._block_dictionaries.astype(np.int64),
            self._blocks.whole().tobytes(),
        )
