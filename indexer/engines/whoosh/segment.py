"""A segment as the table of contents knows it: its file, and which of its articles are deleted.

Pickled there: the path of ``ColumnarSegment`` must never move without a new format number.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, Segment

from indexer.engines.whoosh.sections import Array

INDEX_NAME = "MAIN"
EXTENSION = ".seg"
_FILE = re.compile(rf"{INDEX_NAME}_[0-9a-z]+{re.escape(EXTENSION)}")


def is_segment(name: str) -> bool:
    """Tell whether a file is a segment."""
    return bool(_FILE.fullmatch(name))


class ColumnarSegment(Segment):
    """A segment as the table of contents knows it."""

    def __init__(self, segid: str, articles: int, deleted: bytes | None = None) -> None:
        # What Whoosh's would set, but for a name at random, which costs more than all the rest.
        self.indexname = INDEX_NAME
        self.compound = False
        self.segid = segid
        self.articles = articles
        self.deleted = deleted  # a packed bitmap

    @staticmethod
    def new_id() -> str:
        """Return a name no other segment has."""
        name: str = Segment._random_id()
        return name

    @classmethod
    def of_file(cls, name: str, articles: int) -> ColumnarSegment:
        """Return the segment whose file has this *name*, none of its articles deleted."""
        return cls(name.removeprefix(f"{INDEX_NAME}_").removesuffix(EXTENSION), articles)

    @property
    def file_name(self) -> str:
        """The name of the segment's file in the index's folder."""
        name: str = self.make_filename(EXTENSION)
        return name

    def deleted_mask(self) -> Array | None:
        """Return which articles are deleted, None where none is."""
        if self.deleted is None:
            return None
        packed = np.frombuffer(self.deleted, np.uint8)
        return np.unpackbits(packed, count=self.articles).view(bool)

    def without(self, numbers: Array) -> ColumnarSegment:
        """Return the segment with the articles *numbers* deleted too."""
        mask = self.deleted_mask()
        mask = np.zeros(self.articles, bool) if mask is None else mask
        mask[numbers] = True
        return ColumnarSegment(self.segid, self.articles, np.packbits(mask).tobytes())

    # What stock Whoosh asks.

    def codec(self, **_: Any) -> Codec:
        """Return the codec that reads us."""
        from indexer.engines.whoosh.codec import ColumnarCodec

        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """One file, mapped as it is: nothing to assemble."""
        return False

    def doc_count_all(self) -> int:
        """Return the number of articles, deleted ones included."""
        return self.articles

    def doc_count(self) -> int:
        """Return the number of living articles."""
        return self.articles - self.deleted_count()

    def deleted_count(self) -> int:
        """Return the number of deleted articles."""
        return 0 if self.deleted is None else int.from_bytes(self.deleted, "little").bit_count()

    def has_deletions(self) -> bool:
        """Tell whether any article is deleted."""
        return self.deleted is not None

    def is_deleted(self, number: int) -> bool:
        """Tell whether the article *number* is deleted."""
        mask = self.deleted_mask()
        return mask is not None and number < len(mask) and bool(mask[number])

    def deleted_docs(self) -> list[int]:
        """Return the numbers of deleted articles."""
        mask = self.deleted_mask()
        return [] if mask is None else np.flatnonzero(mask).tolist()
