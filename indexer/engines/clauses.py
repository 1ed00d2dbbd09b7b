"""What may be asked: frozen clauses, and a query made of them.

Clauses carry terms the Italian chain has already made, so that no engine has an analysis of its
own for queries. Every clause is a question an article answers with yes or no; words and phrases
also score. Filters (Is, Between) never score. They are structures of msgspec's: a page makes,
hashes and compares dozens.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace


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


class Word(msgspec.Struct, frozen=True):
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


class Phrase(msgspec.Struct, frozen=True):
    """The forms of *words* stand one behind the other in one field. At least two words."""

    words: tuple[Word, ...]
    scope: Scope = Scope.ARTICLE

    @property
    def scoring(self) -> tuple[Word, ...]:
        """The words as they score: as if each stood alone in the phrase's scope."""
        return tuple(
            word if word.scope is self.scope else replace(word, scope=self.scope)
            for word in self.words
        )


class Prefix(msgspec.Struct, frozen=True):
    """The article holds a word whose folded form begins with ``italian.fold(form)``."""

    form: str
    scope: Scope = Scope.ARTICLE


class Fuzzy(msgspec.Struct, frozen=True):
    """The article holds a word whose folded form is at most *edits* edits away.

    An edit inserts, deletes or replaces a letter, or swaps two neighbours
    (optimal string alignment). The first letter is taken as right. Where it stands for more than
    *most* forms, the query is too broad.
    """

    form: str
    edits: int = 1
    scope: Scope = Scope.ARTICLE
    most: int = 1_000


class Is(msgspec.Struct, frozen=True):
    """The whole value of *field* is one of *values*, whatever its case and accents."""

    field: Field
    values: tuple[str, ...]


class Between(msgspec.Struct, frozen=True):
    """The article's date lies between two days, both included; None leaves that side open.

    A year or a month alone stands for its first day. An article without a date never lies between.
    """

    first: date | None
    last: date | None


class AllOf(msgspec.Struct, frozen=True):
    """Every clause holds; none given: every article."""

    clauses: tuple[Clause, ...]


class AnyOf(msgspec.Struct, frozen=True):
    """At least one clause holds, and the scores of those that do add up; none given: no article."""

    clauses: tuple[Clause, ...]


class Not(msgspec.Struct, frozen=True):
    """The clause does not hold. Never scores."""

    clause: Clause


Textual = Word | Phrase | Prefix | Fuzzy
"""The clauses that words of an article answer, and that can be marked in it."""

Clause = Textual | Is | Between | AllOf | AnyOf | Not

EVERYTHING = AllOf(())


class Place(msgspec.Struct, frozen=True):
    """Where an article stands in the orders by date and by title (order.place makes it).

    ``day`` is a number, 20251119, and ``title`` folded. The article need not be there any more.
    """

    day: int
    title: str
    id: str


class Query(msgspec.Struct, frozen=True):
    """What is asked: which articles, in which order, counted by which fields.

    With *after*, hits begin behind that place, so that a walk meets each article once while others
    are written; total and counts remain those of all hits. Never with a sort that scores: scores
    change with what is written. *days* asks for the number of hits of each day. Without *texts*,
    the text of a hit may be missing, "", which is quicker: for who shows no more than titles.
    """

    clause: Clause
    sort: Sort = Sort.RELEVANCE
    facets: tuple[Field, ...] = ()
    after: Place | None = None
    days: bool = False
    texts: bool = True
