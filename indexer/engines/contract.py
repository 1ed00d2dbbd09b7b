"""What every engine promises: a query of frozen clauses in, a page of ranked hits out.

    service/query.py  →  Query (clauses over forms and stems)  →  Engine  →  Page of Hits

Clauses carry terms the Italian chain has already made, so that no engine has an analysis of its
own for queries. Every clause is a question an article answers with yes or no; words and phrases
also score. Filters (Is, Between) never score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from indexer.articles import Article


class EngineError(Exception):
    """The index cannot do what was asked; the message tells the operator what to do."""


class IndexMissing(EngineError):
    """There is no index at this place yet."""


class IndexOutdated(EngineError):
    """The index was built by another format or another Italian chain."""


class IndexBusy(EngineError):
    """Another writer holds the index and did not let go in time."""


class QueryTooBroad(Exception):
    """A clause stands for more words than an engine looks up; the message tells the reader."""


class Scope(StrEnum):
    """Where a word is looked for."""

    ARTICLE = "article"  # title or text
    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"
    SOURCE = "source"


class Field(StrEnum):
    """A field whose whole value filters and is counted as a facet."""

    SOURCE = "source"
    AUTHOR = "author"
    SECTION = "section"
    TAG = "tag"


class Sort(StrEnum):
    """The order of hits. Ties go to the newer article, then to the smaller id, always."""

    RELEVANCE = "relevance"
    MIX = "mix"  # by relevance, the older the less (`ranking.recency`)
    NEWEST = "-date"  # articles without a date come last, in both directions
    OLDEST = "date"
    TITLE = "title"  # by the folded title; articles without one come last

    @property
    def by_score(self) -> bool:
        """Whether hits come in the order of their scores; in the others nothing scores."""
        return self in (Sort.RELEVANCE, Sort.MIX)


@dataclass(frozen=True, slots=True)
class Word:
    """The article holds the word, inflected or not.

    ``form`` is the word as written, lower-cased, accents kept («città»): engines compare forms by
    ``italian.fold(form)``, and prefer the very accents. ``stem`` finds its other inflections; a
    stop word has none and matches by form alone. In the scopes AUTHOR and SOURCE only forms match.
    ``capital`` tells that the reader wrote a capital: a preference, never a condition.
    ``weight``, above 0, multiplies what the word scores: a word that only may be meant has less
    than 1, and has no `ranking.neighbours`.
    """

    form: str
    stem: str | None
    scope: Scope = Scope.ARTICLE
    capital: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """The forms of *words* stand one behind the other in one field. At least two words."""

    words: tuple[Word, ...]
    scope: Scope = Scope.ARTICLE


@dataclass(frozen=True, slots=True)
class Prefix:
    """The article holds a word whose folded form begins with ``italian.fold(form)``."""

    form: str
    scope: Scope = Scope.ARTICLE


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """The article holds a word whose folded form is at most *edits* edits away.

    An edit inserts, deletes or replaces a letter, or swaps two neighbours
    (optimal string alignment). The first letter is taken as right.
    """

    form: str
    edits: int = 1
    scope: Scope = Scope.ARTICLE


@dataclass(frozen=True, slots=True)
class Is:
    """The whole value of *field* is one of *values*, whatever its case and accents."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The article's date lies between two days, both included; None leaves that side open.

    A year or a month alone stands for its first day. An article without a date never lies between.
    """

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every clause holds; none given: every article."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one clause holds, and the scores of those that do add up; none given: no article."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The clause does not hold. Never scores."""

    clause: Clause


Textual = Word | Phrase | Prefix | Fuzzy
"""The clauses that words of an article answer, and that can be marked in it."""

Clause = Textual | Is | Between | AllOf | AnyOf | Not

EVERYTHING = AllOf(())


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in the orders by date and by title (order.place makes it).

    ``day`` is a number, 20251119, and ``title`` folded. The article need not be there any more.
    """

    day: int
    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: which articles, in which order, counted by which fields.

    With *after*, hits begin behind that place, so that a walk meets each article once while others
    are written; total and counts remain those of all hits. Never with a sort that scores: scores
    change with what is written. *days* asks for the number of hits of each day.
    """

    clause: Clause
    sort: Sort = Sort.RELEVANCE
    facets: tuple[Field, ...] = ()
    after: Place | None = None
    days: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that matches; its ``raw`` stays in the index (``get`` brings it).

    ``score`` is reckoned by relevance, or the mix (ranking.py); in every other order it is 0.
    """

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the ranked hits.

    ``total``, ``facets`` (value as most often written → articles) and ``days`` (in order, where
    asked for; a year or a month alone is its first day, the undated are left out) count all hits,
    exactly.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Field, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    days: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as kept, and when (ISO 8601, UTC) the index took it in."""

    article: Article
    indexed_at: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did."""

    added: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The size and age of an index."""

    articles: int
    bytes: int
    generation: int
    last_commit: str | None  # ISO 8601, UTC
    format: int
    chain: int
    writable: bool = True
    free_bytes: int | None = None  # where the index lies; None when nobody knows


class Engine(Protocol):
    """A place where articles live. Every method may be called from any thread."""

    def write(self, articles: Iterable[Article]) -> Written:
        """Add *articles*, replacing those with the same id, all or none.

        Of two with one id the later stays. Returning means durable, and seen by every reader.
        """
        ...

    def delete(self, ids: Iterable[str]) -> int:
        """Remove the articles with these *ids*; return how many there were."""
        ...

    def get(self, article_id: str) -> StoredArticle | None:
        """Return the whole article, ``raw`` included."""
        ...

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        """Return the hits number *offset* to *offset + limit* in the query's order.

        Past the last hit there are none. Raises QueryTooBroad where a Fuzzy stands
        for too many words.
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

    def stats(self) -> Stats:
        """Return the size and age of the index."""
        ...

    def close(self) -> None:
        """Let go of files; the engine is not used afterwards."""
        ...


Progress = Callable[[int], None]
"""Called now and then with the number of articles done so far."""
