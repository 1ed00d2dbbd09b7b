"""The embedded engine: an index in a folder, for any number of readers and one writer at a time.

Each search borrows a snapshot of the latest generation; snapshots wait in a pool until another
search borrows them, or a new generation makes them stale.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.articles import Article
from indexer.engines.contract import (
    Clause,
    Page,
    Progress,
    Query,
    Scope,
    Stats,
    StoredArticle,
    Written,
)
from indexer.engines.expansion import within
from indexer.italian import fold
from tests.engines.stock import searching, writing
from tests.engines.stock.matching import Matching
from tests.engines.stock.opening import latest_generation, open_index, open_reader
from tests.engines.stock.schema import FORMS
from tests.engines.stock.snapshot import Snapshot


class WhooshEngine:
    """The engine contract, kept over the Whoosh index in *folder*."""

    def __init__(self, folder: Path, *, patience: float = writing.LOCK_SECONDS) -> None:
        self._folder = folder
        self._patience = patience
        self._index = open_index(folder)
        # An index of another format is refused here, not at the first search.
        self._idle: deque[Snapshot] = deque([self._open_snapshot(self.generation())])

    def write(self, articles: Iterable[Article]) -> Written:
        """Add or replace *articles*, all or none."""
        return writing.add(self._index, articles, patience=self._patience)

    def delete(self, ids: Iterable[str]) -> int:
        """Remove articles."""
        return writing.delete(self._index, ids, patience=self._patience)

    def get(self, article_id: str) -> StoredArticle | None:
        """Return a whole article."""
        with self._snapshot() as snapshot:
            number = snapshot.find(article_id)
            return None if number is None else snapshot.article(number, raw=True)

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        """Return a stretch of the ranked hits."""
        with self._snapshot() as snapshot:
            return searching.search(snapshot, query, offset, limit)

    def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
        """Return for how many articles each clause holds."""
        with self._snapshot() as snapshot:
            return tuple(len(Matching(snapshot).holding(clause)) for clause in clauses)

    def forms_near(self, form: str, edits: int) -> Mapping[str, int]:
        """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
        wanted, found = fold(form), {}
        with self._snapshot() as snapshot:
            fields = (FORMS[Scope.TITLE], FORMS[Scope.TEXT])
            for its in {its for field in fields for its in snapshot.lexicon(field, "")}:
                if within(wanted, its, edits):
                    numbers = (n for field in fields for n, _ in snapshot.frequencies(field, its))
                    found[its] = len(set(numbers))
        return {its: held for its, held in found.items() if held}

    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each."""
        start, found = fold(prefix), {}
        with self._snapshot() as snapshot:
            fields = (FORMS[Scope.TITLE], FORMS[Scope.TEXT])
            forms = {its for field in fields for its in snapshot.lexicon(field, start)}
            for its in forms if start else ():
                numbers = (n for field in fields for n, _ in snapshot.frequencies(field, its))
                found[its] = len(set(numbers))
        held = sorted((pair for pair in found.items() if pair[1]), key=lambda p: (-p[1], p[0]))
        return dict(held[:limit])

    def generation(self) -> int:
        """Return the number of the latest commit; costs the listing of one folder."""
        return latest_generation(self._index.storage)

    def stats(self) -> Stats:
        """Return the size and age of the index."""
        with self._snapshot() as snapshot:
            files = [path.stat() for path in self._folder.iterdir() if path.is_file()]
            return Stats(
                articles=len(snapshot.live),
                bytes=sum(file.st_size for file in files),
                generation=snapshot.generation,
                last_commit=datetime.fromtimestamp(self._index.last_modified(), UTC).isoformat(
                    timespec="seconds"
                ),
                format=snapshot.build.index_format,
                chain=snapshot.build.chain,
            )

    def close(self) -> None:
        """Let go of the files of all snapshots."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        snapshot = self._borrow()
        try:
            yield snapshot
        finally:
            self._idle.append(snapshot)

    def _borrow(self) -> Snapshot:
        generation = self.generation()
        while self._idle:
            try:
                snapshot = self._idle.pop()
            except IndexError:  # another thread took the last one
                break
            if snapshot.generation == generation:
                return snapshot
            snapshot.close()
        return self._open_snapshot(generation)

    def _open_snapshot(self, generation: int) -> Snapshot:
        # Should a commit fall between the two, the snapshot is newer than its number, and is
        # merely opened once more than necessary.
        return Snapshot(open_reader(self._index), generation)


def rebuild(
    folder: Path, articles: Iterable[Article] | None = None, progress: Progress | None = None
) -> Written:
    """Build the index in *folder* anew, from *articles* or from those it holds.

    Readers see the old index until the new one is complete; a crash leaves one or the other.
    """
    return writing.rebuild(open_index(folder, as_now=True), articles, progress)
