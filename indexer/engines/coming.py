"""Articles on their way into an index: each gets the time it is taken in, and is counted.

What reads files may offer them in portions besides, so that an engine can have them read by the
processes that index them: handing articles over would cost each as much as reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar, runtime_checkable

from indexer.articles import Article, ArticleError
from indexer.engines.contract import Progress, StoredArticle

_STEP = 100

One = TypeVar("One")


class Unread(Protocol):
    """Articles still to be read, by any process that it is handed to."""

    def read(self, on_error: Callable[[ArticleError], None]) -> Iterator[tuple[int, Article]]:
        """Yield the articles, each with its row in the portion; report what cannot be read."""
        ...


@runtime_checkable
class Shareable(Protocol):
    """Articles to be iterated once, or to be taken in portions instead.

    Iterated, they come with one article for an id. In portions an id may come twice: who takes
    them is to keep the first, and to tell `repeated`.
    """

    def is_longer_than(self, weight: int) -> bool:
        """Tell whether there is more to read than *weight*, in bytes."""
        ...

    def portions(self) -> Iterator[Unread]:
        """Yield everything in portions, numbered from 0."""
        ...

    def took(self, portion: int, articles: int, errors: Sequence[ArticleError]) -> None:
        """Hear that so many *articles* were read of *portion*, and what could not be read."""
        ...

    def repeated(self, article_id: str, again: tuple[int, int], before: tuple[int, int]) -> None:
        """Hear that an id came *again*, where it had come *before*: each a portion and a row."""
        ...


def now() -> str:
    """Return the time that it is, as an index keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stamped(articles: Iterable[Article]) -> Iterator[StoredArticle]:
    """Give each of *articles* the time that it is now."""
    time = now()
    return (StoredArticle(article, time) for article in articles)


def counted(articles: Iterable[One], progress: Progress | None) -> Iterator[One]:
    """Pass *articles* on, and tell *progress* now and then how many there were."""
    number = 0
    for number, article in enumerate(articles, 1):
        yield article
        if progress and number % _STEP == 0:
            progress(number)
    if progress:
        progress(number)
