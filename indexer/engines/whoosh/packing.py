"""Byte strings on their way into a file: in blocks, compressed with a dictionary of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.engines.whoosh.blocks import ALONE, LENGTH, PLAIN, Store
from indexer.engines.whoosh.draft import Draft
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.spill import Spill
from indexer.engines.whoosh.storage import Folder

_LEVEL = 3
_SAMPLE_MOST = 16_384  # bytes of an entry that is trained on
_ALIKE = 8  # bytes that count as a repetition in training
_TABLE_BITS = 18  # of what training counts repetitions in; twenty take twice as long
_MOST_DICTIONARIES = 32


class Packing(NamedTuple):
    """How entries are packed; all but ``samples``, a number of entries, in bytes.

    A dictionary is trained on so many entries and bytes; more make it little better. It is made of
    ``segment``s of them: told how long these are, zstandard need not try.
    """

    block: int  # before compression, without a dictionary
    samples: int
    sampled: int
    dictionary: int
    segment: int


HEADS = Packing(block=1_500, samples=1_000, sampled=0, dictionary=16_384, segment=400)
TEXTS = Packing(block=12_000, samples=300, sampled=500_000, dictionary=65_536, segment=100)


class StoreWriter:
    """Collects byte strings into compressed blocks on disk, until their file is laid out.

    The first ones wait until there are enough to train a dictionary on. With it each stands in a
    block of its own; where there are too few, several share a block.
    """

    def __init__(self, name: str, folder: Folder, packing: Packing) -> None:
        self._name = name
        self._packing = packing
        self._spill = Spill(folder)
        self._waiting: list[bytes] | None = []
        self._waiting_size = 0
        self._compressor = _compressor()
        self._dictionaries: list[bytes] = []
        self._dictionary = PLAIN
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
        enough = self._packing
        if len(self._waiting) >= enough.samples and self._waiting_size >= enough.sampled:
            self._train()

    def _train(self) -> None:
        assert self._waiting is not None
        waiting, self._waiting = self._waiting, None
        first = len(self) - len(waiting)
        try:
            dictionary = zstandard.train_dictionary(
                self._packing.dictionary,
                [kept[:_SAMPLE_MOST] for kept in waiting],
                k=self._packing.segment,
                d=_ALIKE,
                f=_TABLE_BITS,
            )
        except zstandard.ZstdError:  # nothing in them repeats
            self._put_together(waiting, first)
            self._waiting, self._waiting_size = [], 0
            return
        self._compressor = _compressor(dictionary)
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
            if size >= self._packing.block:
                self._put(block, number + 1 - len(block))
                block, size = [], 0
        if block:
            self._put(block, first + len(entries) - len(block))

    def _put(self, entries: list[bytes], first: int) -> None:
        content = entries[0] if len(entries) == 1 else b""
        for number, kept in enumerate(entries, first):
            self._blocks[number] = len(self._sizes)
            self._offsets[number] = ALONE if len(entries) == 1 else len(content)
            if len(entries) > 1:
                content += len(kept).to_bytes(LENGTH, "little") + kept
        block = self._compressor.compress(content)
        self._spill.put_bytes(block)
        self._sizes.append(len(block))
        self._block_dictionaries.append(self._dictionary)

    def copy(self, store: Store, numbers: Array) -> None:
        """Take the entries *numbers* of *store*; whole blocks, where that wastes little."""
        if not len(numbers):  # few articles have a text from before cleaning
            return
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
        moved = np.where(own_dictionaries < 0, PLAIN, own_dictionaries + len(self._dictionaries))
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
        places = 0 if self._each_alone() else len(self)
        return {
            f"{self._name}_entry_blocks": (places, np.uint32),
            f"{self._name}_entry_offsets": (places, np.uint32),
            f"{self._name}_block_starts": (len(self._sizes) + 1, np.uint64),
            f"{self._name}_block_dictionaries": (len(self._sizes), np.int8),
            f"{self._name}_blocks": (sum(self._sizes), np.uint8),
            f"{self._name}_dictionary_sizes": (len(self._dictionaries), np.uint32),
            f"{self._name}_dictionaries": (sum(map(len, self._dictionaries)), np.uint8),
        }

    def _each_alone(self) -> bool:
        """Tell whether entry and block are one: no places need be written then."""
        return set(self._offsets) <= {ALONE} and self._blocks == list(range(len(self._sizes)))

    def fill(self, draft: Draft) -> None:
        """Write everything into *draft*."""
        name = self._name
        if len(draft[f"{name}_entry_blocks"]):
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


def _compressor(
    dictionary: zstandard.ZstdCompressionDict | None = None,
) -> zstandard.ZstdCompressor:
    # The checksum tells whoever repairs a damaged file that an entry is whole all the same.
    return zstandard.ZstdCompressor(
        level=_LEVEL, dict_data=dictionary, write_checksum=True, write_dict_id=False
    )
