"""From articles, or from other segments, to the file of a new segment."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from indexer.engines.contract import EngineError, StoredArticle
from indexer.engines.whoosh.columns import ColumnsWriter
from indexer.engines.whoosh.draft import Draft
from indexer.engines.whoosh.inversion import Batch
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.merging import Source, plan
from indexer.engines.whoosh.packing import HEADS, TEXTS, StoreWriter
from indexer.engines.whoosh.postings import MOST_ARTICLES, Postings
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.spill import Spill
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.stored import encode

_BATCH_BYTES = 4 << 20  # of text: some 700,000 words, 60 MB while they are inverted


class _Contents:
    """What a segment holds beside its postings."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.columns = ColumnsWriter()
        self.heads = StoreWriter("head", folder, HEADS)
        self.texts = StoreWriter("text", folder, TEXTS)
        self.raws = StoreWriter("raw", folder, TEXTS)
        self.raw_numbers: list[int] = []
        self.title_words: list[Array] = []
        self.text_words: list[Array] = []

    def write(self, sources: Sequence[Source]) -> ColumnarSegment:
        """Write the file of the segment, which whoever commits will sync."""
        segment = ColumnarSegment(ColumnarSegment.new_id(), len(self.columns))
        merged = plan(sources)
        parts = (merged, self.columns, self.heads, self.texts, self.raws)
        layout: dict[str, tuple[int, npt.DTypeLike]] = {
            "title_words": (segment.articles, np.uint32),
            "text_words": (segment.articles, np.uint32),
            "raw_numbers": (len(self.raw_numbers), np.uint16),
        }
        for part in parts:
            layout |= part.layout()
        file = self._folder.create(segment.file_name)
        try:
            draft = Draft(file, layout, {"articles": segment.articles})
            draft["title_words"][:] = np.concatenate(self.title_words)
            draft["text_words"][:] = np.concatenate(self.text_words)
            draft["raw_numbers"][:] = self.raw_numbers
            for part in parts:
                part.fill(draft)
            draft.seal()
        except BaseException:
            with suppress(EngineError):
                self._folder.remove(segment.file_name)
            raise
        finally:
            file.close()
        return segment

    def close(self) -> None:
        """Give the room of temporary files back."""
        self.heads.close()
        self.texts.close()
        self.raws.close()


class SegmentBuilder:
    """Takes articles until it is full, then makes a segment of them; *lexicon* knows words."""

    def __init__(self, folder: Folder, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._contents = _Contents(folder)
        self._spill = Spill(folder)
        self._runs: list[Postings] = []
        self._batch = Batch(self._lexicon, 0)

    def __len__(self) -> int:
        return len(self._contents.columns)

    @property
    def full(self) -> bool:
        """Whether no further article fits."""
        return len(self) == MOST_ARTICLES

    def add(self, stored: StoredArticle) -> None:
        """Take the next article."""
        contents, article = self._contents, stored.article
        if article.raw is not None:
            contents.raw_numbers.append(len(self))
            contents.raws.add(article.raw.encode("utf-8", "surrogatepass"))
        kept = encode(stored)
        self._batch.add(article.own_title.encode("utf-8", "surrogatepass"), kept.text)
        contents.heads.add(kept.head)
        contents.texts.add(kept.text)
        contents.columns.add(article)
        if self._batch.size >= _BATCH_BYTES:
            self._finish_batch(last=False)

    def _finish_batch(self, *, last: bool) -> None:
        if not len(self._batch):
            return
        postings, titles, texts = self._batch.invert()
        self._contents.title_words.append(titles)
        self._contents.text_words.append(texts)
        self._runs.append(postings if last else self._spill.put_postings(postings))
        self._lexicon.trim()
        self._batch = Batch(self._lexicon, len(self))

    def finish(self) -> ColumnarSegment | None:
        """Return the segment of all articles taken, None for none; the builder is used up."""
        try:
            if not len(self):
                return None
            self._finish_batch(last=True)
            # Before the segment is laid out: the most memory is not taken by both at once.
            self._lexicon.settle()
            return self._contents.write([Source(run) for run in self._runs])
        finally:
            self.close()

    def close(self) -> None:
        """Give the room of temporary files back."""
        self._contents.close()
        self._spill.close()


def merge(folder: Folder, files: Sequence[tuple[SegmentFile, Array | None]]) -> ColumnarSegment:
    """Write one segment that holds the living articles of *files* (each with its deleted mask)."""
    contents = _Contents(folder)
    sources = []
    try:
        for file, deleted in files:
            kept = np.arange(file.articles) if deleted is None else np.flatnonzero(~deleted)
            renumber = np.full(file.articles, -1, np.int32)
            renumber[kept] = np.arange(len(kept)) + len(contents.columns)
            raw_owners = file.sections.array("raw_numbers").whole()
            raw_kept = np.flatnonzero(renumber[raw_owners] >= 0)
            contents.raw_numbers += renumber[raw_owners[raw_kept]].tolist()
            contents.raws.copy(file.raws, raw_kept)
            contents.heads.copy(file.heads, kept)
            contents.texts.copy(file.texts, kept)
            contents.columns.copy(file.columns, kept)
            contents.title_words.append(file.title_words[kept])
            contents.text_words.append(file.text_words[kept])
            sources.append(Source(file.postings(), renumber))
        return contents.write(sources)
    finally:
        contents.close()
