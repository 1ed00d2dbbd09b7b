"""The embedded engine: an index in a folder, for any number of readers and one writer at a time.

Each search asks which generation is the latest, at the price of a look at the folder, and opens
what it has not open yet. All threads share one snapshot.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from whoosh.index import TOC

from indexer.articles import Article
from indexer.engines.contract import (
    Clause,
    Decide,
    EngineError,
    IndexMissing,
    Page,
    Query,
    Stats,
    StoredArticle,
    Writes,
    Written,
)
from indexer.engines.whoosh import writing
from indexer.engines.whoosh.beside import start_helpers
from indexer.engines.whoosh.contents import Latest, file_name, read_contents
from indexer.engines.whoosh.doubt import doubting
from indexer.engines.whoosh.expanded import forms_beginning, forms_near
from indexer.engines.whoosh.opening import check_build, check_not_lost, check_there, damaged
from indexer.engines.whoosh.schema import FORMAT
from indexer.engines.whoosh.searching import holding, search
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.writing import Known
from indexer.italian import CHAIN

_TRIES = 20
_SPARE = 4 << 20  # bytes that a write of some articles never needs

_BETWEEN_LOOKS = 0.01  # seconds: where there are many segments and searches, looks cost nothing


class WhooshEngine:
    """The engine contract, kept over the Whoosh index in *folder*.

    A write of many articles is shared among *jobs* processes; so many *helpers* stay beside this
    one, and take part in changes.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        patience: float = writing.LOCK_SECONDS,
        jobs: int = 1,
        helpers: int = 0,
    ) -> None:
        self._folder = folder
        self._latest_generation = Latest(folder)
        self._patience = patience
        self._jobs = jobs
        self._known = Known()
        self._deciding = threading.local()  # of a thread that has the folder's lock, its snapshot
        check_there(folder)
        self._opening = threading.Lock()
        # Before files are open: copies of this process would keep what is removed later.
        self._known.helpers = start_helpers(folder, helpers)
        try:
            # An index of another format is refused here, not at the first search.
            self._snapshot = self._open(self.generation())
        except BaseException:
            self.close()
            raise
        self._next_look = 0.0  # at the times of files

    def write(self, articles: Iterable[Article]) -> Written:
        """Add or replace *articles*, all or none."""
        return writing.add(
            self._folder,
            articles,
            patience=self._patience,
            jobs=self._jobs,
            known=self._known,
        )

    def delete(self, ids: Iterable[str]) -> int:
        """Remove articles."""
        return writing.delete(self._folder, ids, patience=self._patience, known=self._known)

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        """Put in the place of ids what *decide* says, all or none."""

        def decided(contents: TOC) -> Mapping[str, StoredArticle | None]:
            self._deciding.on = self._at(contents)
            try:
                return decide()
            finally:
                del self._deciding.on

        writing.change(
            self._folder,
            decided,
            patience=self._patience if patience is None else patience,
            known=self._known,
        )

    @doubting
    def get(self, article_id: str) -> StoredArticle | None:
        """Return a whole article."""
        found = self._decided_on().find(article_id)
        if found is None:
            return None
        view, number = found
        return view.file.article(number, raw=True)

    @doubting
    def get_all(self, ids: Collection[str]) -> Mapping[str, StoredArticle]:
        """Return whole articles by their ids."""
        found = self._decided_on().find_all(ids)
        return {its_id: view.file.article(number, raw=True) for its_id, view, number in found}

    def _decided_on(self) -> Snapshot:
        snapshot: Snapshot | None = getattr(self._deciding, "on", None)
        return snapshot or self._latest()

    @doubting
    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        """Return a stretch of the ranked hits."""
        return search(self._latest(), query, offset, limit)

    @doubting
    def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
        """Return for how many articles each clause holds."""
        return holding(self._latest(), clauses)

    @doubting
    def forms_near(self, form: str, edits: int) -> Mapping[str, int]:
        """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
        return forms_near(self._latest(), form, edits)

    @doubting
    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each."""
        return forms_beginning(self._latest(), prefix, limit)

    def check_met(self) -> None:
        """Raise IndexDamaged while what was met damaged still is, in the latest generation."""
        self._latest().check_met()

    def generation(self) -> int:
        """Return the number of the latest commit; costs a look at one folder."""
        return self._latest_generation()

    def last_commit(self) -> str:
        """Return when the latest commit was made; costs a look at its file."""
        while (generation := self.generation()) >= 0:
            with suppress(FileNotFoundError):  # a commit came between
                return self._made(generation)
        raise self._gone()

    def _made(self, generation: int) -> str:
        changed = self._folder.changed(file_name(generation))
        return datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")

    def stats(self) -> Stats:
        """Return the size and age of the index."""
        snapshot, made = self._latest(), None
        while made is None:
            try:
                made = self._made(snapshot.generation)
            except FileNotFoundError:  # a commit came between
                snapshot = self._latest()
        path = self._folder.path
        return Stats(
            articles=snapshot.articles,
            bytes=self._folder.size(),
            generation=snapshot.generation,
            last_commit=made,
            format=FORMAT,
            chain=CHAIN,
            writes=self._writes(),
            free_bytes=shutil.disk_usage(path).free,
        )

    def _writes(self) -> Writes:
        if not os.access(self._folder.path, os.W_OK):
            return Writes.NOT_ALLOWED
        return Writes.READY if self._folder.has_room(_SPARE) else Writes.NO_ROOM

    def close(self) -> None:
        """Let go of the files; their maps end with the last search that reads them."""
        self._known.files = {}
        self._snapshot = Snapshot([], -1)
        for helper in self._known.helpers:
            helper.close()

    def _latest(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot.generation != self.generation():
            with self._opening:
                if self._snapshot.generation != (latest := self.generation()):
                    self._snapshot = self._open(latest)
                snapshot = self._snapshot
        elif time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _BETWEEN_LOOKS
            if snapshot.was_written():  # kernels would follow whatever stands there now
                snapshot = self.open_anew()
        return snapshot

    def open_anew(self) -> Snapshot:
        """Trust nothing that was compared before; where this fails, the next reader tries."""
        with self._opening:
            self._known.files = {}
            self._snapshot = Snapshot([], -1)
            self._snapshot = self._open(self.generation())
            return self._snapshot

    def _at(self, contents: TOC) -> Snapshot:
        with self._opening:
            if self._snapshot.generation != contents.generation:
                try:
                    self._snapshot = self._snapshot_of(contents)
                except FileNotFoundError as error:
                    raise self._gone() from error
            return self._snapshot

    def _open(self, generation: int) -> Snapshot:
        for attempt in range(_TRIES):
            try:
                return self._snapshot_of(read_contents(self._folder, generation))
            except FileNotFoundError as error:
                # A commit has just removed what we were about to open: the next listing is newer.
                generation = self.generation()
                if attempt == _TRIES - 1 or generation < 0:
                    raise self._gone() from error
        raise AssertionError

    def _gone(self) -> IndexMissing:
        check_not_lost(self._folder)
        return IndexMissing(
            f"The index in {self._folder.path} is gone: put it back, or make it anew."
        )

    def _snapshot_of(self, contents: TOC) -> Snapshot:
        """Open what *contents* name and is not open yet. Raises FileNotFoundError."""
        try:
            check_build(contents.schema, self._folder.path)
            known = self._known.files
            files = {
                each.segid: known.get(each.segid) or SegmentFile(self._folder.open(each.file_name))
                for each in contents.segments
            }
            views = [View(files[each.segid], each.deleted_mask()) for each in contents.segments]
        except (EngineError, FileNotFoundError):
            raise
        except Exception as error:
            raise damaged(self._folder.path, error) from error
        self._known.files = files
        return Snapshot(views, contents.generation)
