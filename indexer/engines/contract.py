"""What every engine promises: a query of frozen clauses in, a page of ranked hits out.

    service/query  →  Query (clauses over forms and stems)  →  Engine  →  Page of Hits

The clauses stand in a module of their own and are offered here too: whoever speaks with an engine
needs this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

import msgspec

from indexer.articles import Article
from indexer.engines.clauses import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Between,
    Clause,
    Field,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Place,
    Prefix,
    Query,
    Scope,
    Sort,
    Textual,
    Word,
)

__all__ = [
    "EVERYTHING",
    "AllOf",
    "AnyOf",
    "Between",
    "Clause",
    "Copy",
    "Decide",
    "Engine",
    "EngineError",
    "Field",
    "Fuzzy",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "Is",
    "NoRoom",
    "Not",
    "Page",
    "Phrase",
    "Place",
    "Prefix",
    "Progress",
    "Query",
    "QueryTooBroad",
    "Scope",
    "Share",
    "Sort",
    "Stats",
    "StoredArticle",
    "Textual",
    "Word",
    "Writes",
    "Written",
]


class EngineError(Exception):
    """The index cannot do what was asked; the message tells the operator what to do."""


class IndexMissing(EngineError):
    """There is no index at this place yet."""


class IndexOutdated(EngineError):
    """The index was built by another format or another Italian chain."""


class IndexBusy(EngineError):
    """Another writer holds the index and did not let go in time."""


class IndexDamaged(EngineError):
    """A file of the index is not what was written."""


class NoRoom(EngineError):
    """The disk, or a quota, is full: nothing was changed, and the index answers as before."""


class QueryTooBroad(Exception):
    """A clause stands for more words than an engine looks up; the message tells the reader."""


class Hit(msgspec.Struct, frozen=True):
    """One article that matches; its ``raw`` stays in the index (``get`` brings it).

    ``score`` is reckoned by relevance, or the mix (ranking.py); in every other order it is 0.
    """

    article: Article
    score: float


class Page(msgspec.Struct, frozen=True):
    """A stretch of the ranked hits.

    ``total``, ``facets`` (value as most often written → articles) and ``days`` (in order, where
    asked for; a year or a month alone is its first day, the undated are left out) count all hits,
    exactly.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Field, tuple[tuple[str, int], ...]] = msgspec.field(default_factory=dict)
    days: tuple[tuple[date, int], ...] = ()


class StoredArticle(msgspec.Struct, frozen=True):
    """An article as kept, and when (ISO 8601, UTC) the index took it in."""

    article: Article
    indexed_at: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did."""

    added: int
    replaced: int


class Writes(StrEnum):
    """Whether a write would find what it needs."""

    READY = "ready"
    NO_ROOM = "no-room"
    NOT_ALLOWED = "not-allowed"


@dataclass(frozen=True, slots=True)
class Stats:
    """The size and age of an index."""

    articles: int
    bytes: int
    generation: int
    last_commit: str | None  # ISO 8601, UTC
    format: int
    chain: int
    writes: Writes = Writes.READY
    free_bytes: int | None = None  # where the index lies; None when nobody knows


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole index as it was at one moment: in a backup, or kept beside the one that took over."""

    articles: int | None  # None for another version's, or a damaged one's
    bytes: int
    generation: int
    made: str  # ISO 8601, UTC: when the backup was made, or when another index took over


class Engine(Protocol):
    """A place where articles live. Every method may be called from any thread."""

    def write(self, articles: Iterable[Article]) -> Written:
        """Add *articles*, replacing those with the same id, all or none.

        Of two with one id the later stays, of those that files hold the first. Returning means
        durable, and seen by every reader.
        """
        ...

    def delete(self, ids: Iterable[str]) -> int:
        """Remove the articles with these *ids*; return how many there were."""
        ...

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        """Put in the place of ids what *decide* says, all or none; durable as a write is.

        *decide* is called once, while nobody else can write: `get` and `get_all` tell it what the
        change is built on. Where it decides on nothing, nothing is committed.
        Wait for other writers *patience* seconds, by default as long as a write does, then raise
        IndexBusy; *decide* has not been called then.
        """
        ...

    def get(self, article_id: str) -> StoredArticle | None:
        """Return the whole article, ``raw`` included."""
        ...

    def get_all(self, ids: Collection[str]) -> Mapping[str, StoredArticle]:
        """Return whole articles by their ids, of those that are there."""
        ...

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        """Return the hits number *offset* to *offset + limit* in the query's order.

        Past the last hit there are none. Raises QueryTooBroad where a Fuzzy stands
        for too many words, OutOfTime when the thread's time is over (deadline.py).
        """
        ...

    def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
        """Return for how many articles each of *clauses* holds. Raises as `search` does."""
        ...

    def forms_near(self, form: str, edits: int) -> Mapping[str, int]:
        """Return the folded forms of titles and texts at most *edits* edits from *form*.

        Each with the number of articles that hold it. Edits are those of Fuzzy; here the first
        letter may be wrong as well.
        """
        ...

    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        """Return up to *limit* folded forms of titles and texts that begin with *prefix*, folded.

        The most frequent, as far as a quick look tells, each with the number of articles that
        hold it, most first, then by alphabet.
        """
        ...

    def generation(self) -> int:
        """Return a number that changes with every commit; cheap enough for each request."""
        ...

    def last_commit(self) -> str | None:
        """Return when that was made (ISO 8601, UTC), None for never; as cheap."""
        ...

    def stats(self) -> Stats:
        """Return the size and age of the index."""
        ...

    def check_met(self) -> None:
        """Raise IndexDamaged while what was met damaged, if anything was, still is; cheap."""
        ...

    def close(self) -> None:
        """Let go of files; the engine is not used afterwards."""
        ...


Decide = Callable[[], Mapping[str, StoredArticle | None]]
"""Tells, of each id to change, the article that it shall name; None for no article."""

Progress = Callable[[int], None]
"""Called now and then with the number of articles done so far."""

Share = Callable[[int, int], None]
"""Called now and then with the bytes done so far, and how many there are in all."""
