"""Articles on their way into an index: each gets the time it is taken in, and is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from indexer.articles import Article
from indexer.engines.contract import Progress, StoredArticle

_STEP = 100

One = TypeVar("One")


def stamped(articles: Iterable[Article]) -> Iterator[StoredArticle]:
    """Give each of *articles* the time that it is now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return (StoredArticle(article, now) for article in articles)


def counted(articles: Iterable[One], progress: Progress | None) -> Iterator[One]:
    """Pass *articles* on, and tell *progress* now and then how many there were."""
    number = 0
    for number, article in enumerate(articles, 1):
        yield article
        if progress and number % _STEP == 0:
            progress(number)
    if progress:
        progress(number)
