"""What clients ask to be written, and what becomes of it on top of what the index holds.

Orders are taken in turn, each on what those before it have left: a group that is committed as one
ends as if its orders had been committed one after the other. Orders and outcomes are structures
of msgspec's, as articles are: they travel between processes in half the time of dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import Literal

import msgspec

from indexer.articles import Article
from indexer.engines.contract import StoredArticle

ANY = "*"
_FIELDS = tuple(Article.__struct_fields__)


class Result(StrEnum):
    """What became of an order."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"  # the very same article was there: nothing is written
    DELETED = "deleted"
    MISSING = "missing"  # nothing was there to delete
    PRECONDITION = "precondition"  # what is there is not what the client took for granted


_REFUSED = Result.PRECONDITION
Taken = Literal["created", "replaced", "unchanged"]
TAKEN: dict[Result, Taken] = {
    Result.CREATED: "created",
    Result.REPLACED: "replaced",
    Result.UNCHANGED: "unchanged",
}
"""The results after which the article is there, as they are told."""


class Condition(msgspec.Struct, frozen=True):
    """What the tag of the article that is there must be, or must not be; ANY is every tag."""

    match: tuple[str, ...] = ()
    none_match: tuple[str, ...] = ()

    def holds(self, held: StoredArticle | None) -> bool:
        """Tell whether it holds of the article that is there, None when there is none."""
        if not self.match and not self.none_match:
            return True
        names = {ANY, tag_of(held)} if held else set()
        return (not self.match or not names.isdisjoint(self.match)) and names.isdisjoint(
            self.none_match
        )


NO_CONDITION = Condition()


class Put(msgspec.Struct, frozen=True, tag=True):
    """Let the article be there; *tagged* where its tag is to be told."""

    article: Article
    condition: Condition = NO_CONDITION
    tagged: bool = True

    @property
    def id(self) -> str:
        """The id in question."""
        return self.article.id


class Delete(msgspec.Struct, frozen=True, tag=True):
    """Let no article with this id be there."""

    id: str
    condition: Condition = NO_CONDITION
    tagged: bool = True


Order = Put | Delete


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an order; tag and age of the article that is there afterwards, if one is.

    Both are missing where the order asks for no tag: thousands of them are to fit what the system
    keeps for a reader who is busy.
    """

    result: Result
    tag: str | None = None
    indexed_at: str | None = None


def decide(
    orders: Iterable[Order], held: Callable[[str], StoredArticle | None], now: str
) -> tuple[list[Outcome], dict[str, StoredArticle | None]]:
    """Return the outcome of each of *orders*, and what they change in all.

    *held* tells what the index holds; *now* is when it takes articles in.
    """
    before: dict[str, StoredArticle | None] = {}
    after: dict[str, StoredArticle | None] = {}
    outcomes = []
    for order in orders:
        if order.id not in after:
            before[order.id] = after[order.id] = held(order.id)
        result, stored = _carried_out(order, after[order.id], now)
        after[order.id] = stored
        told = stored if order.tagged else None
        outcomes.append(Outcome(result, tag_of(told), told.indexed_at) if told else Outcome(result))
    return outcomes, {its: stored for its, stored in after.items() if stored is not before[its]}


def _carried_out(
    order: Order, held: StoredArticle | None, now: str
) -> tuple[Result, StoredArticle | None]:
    if isinstance(order, Delete):
        if held is None:
            return Result.MISSING, None
        return (Result.DELETED, None) if order.condition.holds(held) else (_REFUSED, held)
    same = held is not None and _same(held.article, order.article)
    # What is there already was perhaps written by this very request: its client may ask again.
    if not order.condition.holds(held) and not (same and order.condition.match):
        return _REFUSED, held
    if same:
        return Result.UNCHANGED, held
    return Result.REPLACED if held else Result.CREATED, StoredArticle(order.article, now)


def _same(one: Article, other: Article) -> bool:
    """Tell whether they are the same as they are written: to Python 1 is true, and 0 is -0.0."""
    return one == other and _written(one.extra) == _written(other.extra)


def _written(extra: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(extra, order="sorted")


def tag_of(stored: StoredArticle) -> str:
    """Return the tag of an article: another one as soon as anything of it is another."""
    article = stored.article
    written = msgspec.json.encode(
        [stored.indexed_at, *(getattr(article, name) for name in _FIELDS)]
    )
    return blake2b(written, digest_size=12).hexdigest()
