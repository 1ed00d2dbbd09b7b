"""The engine over a cluster: one name of it, for any number of programs that read and write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from indexer.articles import Article
from indexer.batches import by_number
from indexer.engines import deadline
from indexer.engines.contract import (
    Clause,
    Decide,
    EngineError,
    Page,
    Query,
    Stats,
    StoredArticle,
    Writes,
    Written,
)
from indexer.engines.opensearch import builds
from indexer.engines.opensearch.connection import Connection, path_of
from indexer.engines.opensearch.control import PATIENCE, Control
from indexer.engines.opensearch.counting import counts
from indexer.engines.opensearch.entry import key, stored_in
from indexer.engines.opensearch.lexicon import Lexicon
from indexer.engines.opensearch.matching import ALL, filtering
from indexer.engines.opensearch.remembered import Remembered
from indexer.engines.opensearch.searching import Search
from indexer.engines.opensearch.several import several
from indexer.engines.opensearch.writing import Writer

_AT_ONCE = 500  # articles asked for by their ids


class OpenSearchEngine:
    """The engine contract, kept over the index that the connection's address names.

    A write of many articles is shared among *jobs* processes.
    """

    def __init__(self, connection: Connection, *, jobs: int = 1) -> None:
        self._connection = connection
        self._name = connection.address.name
        self._control = Control(connection)
        self._lexicon = Lexicon(connection)
        self._remembered = Remembered(connection)
        self._writer = Writer(connection, self._control, jobs)
        builds.current(connection)
        # An index of another format is refused here, not at the first search.
        self._control.commit()

    def write(self, articles: Iterable[Article]) -> Written:
        """Add or replace *articles*, all or none."""
        with deadline.endless():
            return self._writer.add(articles)

    def delete(self, ids: Iterable[str]) -> int:
        """Remove articles."""
        with deadline.endless():
            return self._writer.delete(ids)

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        """Put in the place of ids what *decide* says, all or none."""
        with deadline.endless():
            self._writer.change(decide, PATIENCE if patience is None else patience)

    def get(self, article_id: str) -> StoredArticle | None:
        """Return a whole article."""
        found = self._connection.ask(
            "GET", path_of(self._name, "_doc", key(article_id)), expected=(404,), realtime=False
        )
        return stored_in(found["_source"]) if found.get("found") else None

    def get_all(self, ids: Collection[str]) -> Mapping[str, StoredArticle]:
        """Return whole articles by their ids."""
        found: dict[str, StoredArticle] = {}
        for some in by_number(ids, _AT_ONCE):
            for entry in several(self._connection, self._name, map(key, some), realtime=False):
                stored = stored_in(entry["_source"])
                found[stored.article.id] = stored
        return found

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        """Return a stretch of the ranked hits."""
        search = Search(self._connection, self._lexicon, self._remembered, query)
        return search.page(offset, limit)

    def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
        """Return for how many articles each clause holds."""
        forms_of = cache(self._lexicon.of)
        asked = [{"bool": {"filter": [filtering(each, forms_of)]}} for each in clauses]
        return tuple(counts(self._connection, self._name, asked))

    def forms_near(self, form: str, edits: int) -> Mapping[str, int]:
        """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
        return self._lexicon.near(form, edits)

    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each."""
        return self._lexicon.beginning(prefix, limit)

    def generation(self) -> int:
        """Return the number of the latest commit; costs a look at one entry."""
        return self._control.commit().generation

    def last_commit(self) -> str | None:
        """Return when the latest commit was made."""
        return self._control.commit().at

    def stats(self) -> Stats:
        """Return the size and age of the index."""
        commit = self._control.commit()
        (articles,) = counts(self._connection, self._name, [ALL])
        stats = self._connection.ask("GET", path_of(self._name, "_stats", "store"))
        return Stats(
            articles=articles,
            bytes=stats["_all"]["total"]["store"]["size_in_bytes"],
            generation=commit.generation,
            last_commit=commit.at,
            format=commit.format,
            chain=commit.chain,
            writes=self._writes(),
            free_bytes=self._free(),
        )

    def check_met(self) -> None:
        """Do nothing: the cluster looks after its own files."""

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def _writes(self) -> Writes:
        answer = self._connection.ask("GET", path_of(self._name, "_settings"), flat_settings=True)
        blocked = any(
            str(its["settings"].get("index.blocks.read_only_allow_delete")) == "true"
            for its in answer.values()
        )
        return Writes.NO_ROOM if blocked else Writes.READY

    def _free(self) -> int | None:
        """Return the room on the fullest node, None where this user may not know."""
        try:
            answer = self._connection.ask(
                "GET", "/_nodes/stats/fs", filter_path="nodes.*.fs.total.available_in_bytes"
            )
        except EngineError:
            return None
        nodes = [its["fs"]["total"]["available_in_bytes"] for its in answer["nodes"].values()]
        return min(nodes, default=None)
