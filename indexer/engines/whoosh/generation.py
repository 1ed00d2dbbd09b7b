"""One generation of the index, held open: writers may go on, its files stay readable.

A segment's file never changes, and a file that is open outlives its name. So whoever copies a
generation needs no lock, and no writer waits for the copy.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whoosh.index import TOC

from indexer.engines.contract import EngineError, IndexMissing, StoredArticle
from indexer.engines.whoosh.contents import file_name, latest_generation, read_contents
from indexer.engines.whoosh.opening import check_there, damaged
from indexer.engines.whoosh.refusals import REMEDY
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.storage import Folder

_TRIES = 100  # many commits may come between, and a rebuild has long work to lose


@dataclass(frozen=True, slots=True)
class Held:
    """The table of contents of one generation, as bytes too, and its open segments by name."""

    contents: TOC
    table_name: str
    table: bytes
    files: Mapping[str, SegmentFile]

    @property
    def articles(self) -> int:
        """How many articles live in it."""
        return sum(segment.doc_count() for segment in self.contents.segments)

    def stored(self) -> Iterator[StoredArticle]:
        """Yield every living article, whole, in the order of ids.

        Memory stays small: of each segment the order of its ids is kept, nothing else.
        """
        segments = (self._of_segment(segment) for segment in self.contents.segments)
        ordered = heapq.merge(*segments, key=lambda found: found[0])
        return (file.article(number, raw=True) for _, file, number in ordered)

    def _of_segment(self, segment: ColumnarSegment) -> Iterator[tuple[str, SegmentFile, int]]:
        file, deleted = self.files[segment.file_name], segment.deleted_mask()
        for number in file.columns.id_ranks.argsort().tolist():
            if deleted is None or not deleted[number]:
                yield file.columns.id_of(number), file, number

    def verify_all(self) -> None:
        """Read every file; raise IndexDamaged where one is not what was written."""
        for file in self.files.values():
            file.sections.verify_all()


def stored(folder: Folder) -> Iterator[StoredArticle]:
    """Return every article that the index in *folder* holds now, in the order of ids."""
    return hold(folder).stored()


def hold(folder: Folder) -> Held:
    """Hold the latest generation in *folder*, whichever version wrote it. Raise EngineError."""
    for _ in range(_TRIES):
        check_there(folder)
        name = file_name(generation := latest_generation(folder))
        try:
            file = folder.open(name)
            table = file.read(0, file.size)
            contents = read_contents(folder, generation)
            names = [segment.file_name for segment in contents.segments]
            files = {name: SegmentFile(folder.open(name)) for name in names}
        except FileNotFoundError:
            continue  # a commit has just removed it: the next listing is newer
        except EngineError:
            raise
        except Exception as error:
            raise damaged(folder.path, error) from error
        return Held(contents, name, table, files)
    raise IndexMissing(f"Files of the index in {folder.path} are gone: {REMEDY}")
