"""The engine contract over a stock Whoosh index in memory, for one thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from whoosh.filedb.filestore import RamStorage
from whoosh.writing import SegmentWriter

from indexer.articles import Article
from indexer.engines.contract import Clause, Page, Query, Scope, Stats, StoredArticle, Written
from indexer.engines.expansion import within
from indexer.italian import CHAIN, fold
from tests.engines.stock import searching
from tests.engines.stock.entries import entry
from tests.engines.stock.matching import Matching
from tests.engines.stock.schema import FORMS, schema
from tests.engines.stock.snapshot import Snapshot


class _Memory(RamStorage):
    """Temporary files in memory too: in Whoosh's place for them all processes use one name."""

    def temp_storage(self, name: str | None = None) -> RamStorage:
        return RamStorage()


class StockEngine:
    """The engine contract, a posting at a time."""

    def __init__(self) -> None:
        self._index = _Memory().create_index(schema())

    def write(self, articles: Iterable[Article]) -> Written:
        """Add or replace *articles*."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        places: dict[str, int] = {}
        with self._index.writer() as writer:
            for article in articles:
                if (earlier := places.get(article.id)) is not None:
                    writer.newsegment.delete_document(earlier)
                places[article.id] = writer.docnum
                writer.add_document(**entry(article, now))
            replaced = _delete(writer, places)
        return Written(added=len(places) - replaced, replaced=replaced)

    def delete(self, ids: Iterable[str]) -> int:
        """Remove articles."""
        with self._index.writer() as writer:
            return _delete(writer, set(ids))

    def get(self, article_id: str) -> StoredArticle | None:
        """Return a whole article."""
        with self._snapshot() as snapshot:
            number = snapshot.find(article_id)
            return None if number is None else snapshot.article(number, raw=True)

    def get_all(self, ids: Collection[str]) -> Mapping[str, StoredArticle]:
        """Return whole articles by their ids."""
        return {its_id: stored for its_id in ids if (stored := self.get(its_id))}

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
        with self._snapshot() as snapshot:
            held = _held(snapshot, "")
        return {its: n for its, n in held.items() if within(fold(form), its, edits)}

    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each."""
        start = fold(prefix)
        with self._snapshot() as snapshot:
            held = _held(snapshot, start) if start else {}
        return dict(sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])

    def generation(self) -> int:
        """Return the number of the latest commit."""
        generation: int = self._index.latest_generation()
        return generation

    def last_commit(self) -> None:
        """Return nothing: nobody asks."""

    def stats(self) -> Stats:
        """Return the size of the index."""
        with self._snapshot() as snapshot:
            return Stats(len(snapshot.live), 0, snapshot.generation, None, 0, CHAIN)

    def check_met(self) -> None:
        """Do nothing: nobody asks."""

    def close(self) -> None:
        """Nothing is open between two calls."""

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        snapshot = Snapshot(self._index.reader(), self.generation())
        yield snapshot
        snapshot.close()


def _held(snapshot: Snapshot, start: str) -> dict[str, int]:
    fields = (FORMS[Scope.TITLE], FORMS[Scope.TEXT])
    forms = {form for field in fields for form in snapshot.lexicon(field, start)}
    held = {
        form: len({number for field in fields for number, _ in snapshot.frequencies(field, form)})
        for form in forms
    }
    return {form: number for form, number in held.items() if number}


def _delete(writer: SegmentWriter, ids: Iterable[str]) -> int:
    gone = 0
    reader = writer.reader()
    for article_id in ids:
        if ("id", article_id) in reader:
            for number in list(reader.postings("id", article_id).all_ids()):
                writer.delete_document(number)
                gone += 1
    reader.close()
    return gone
