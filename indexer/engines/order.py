"""The order of hits, the same in every engine: ties go to the newer article, then to the id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Day
from functools import lru_cache

from indexer.articles import Article
from indexer.engines.contract import Place, Sort
from indexer.italian import fold

UNDATED = 0
LONGEST_TITLE = 200  # characters that are sorted by; a Place must fit into a web address


def day(date: str | None) -> int:
    """Return the first day of a year, month or day as a number, 20251119; UNDATED for None."""
    return int((date + "-01-01"[len(date) - 4 :]).replace("-", "")) if date else UNDATED


def sort_title(title: str) -> str:
    """Return what a title is sorted by: folded, without the quotes and signs it opens with."""
    folded = fold(title)
    if folded[:1].isalnum():
        return folded[:LONGEST_TITLE]
    start = next((i for i, letter in enumerate(folded) if letter.isalnum()), 0)
    return folded[start : start + LONGEST_TITLE]


def place(article: Article) -> Place:
    """Return where *article* stands in the orders that do not score."""
    return Place(day(article.date), sort_title(article.title), article.id)


@lru_cache(maxsize=1 << 15)  # the days of ninety years
def date_of(day: int) -> Day | None:
    """Return the date of a `day`, None for UNDATED."""
    return Day(day // 10_000, day // 100 % 100, day % 100) if day != UNDATED else None


def days(counts: Iterable[tuple[int, int]]) -> tuple[tuple[Day, int], ...]:
    """Return *counts*, pairs of a `day` and the articles of it, in order; without the undated."""
    return tuple(
        (date, articles) for number, articles in sorted(counts) if (date := date_of(number))
    )


def sort_key(
    sort: Sort, *, score: float, day: int, title: str, article_id: str
) -> tuple[float | str, ...]:
    """Return a key that sorts hits into the order of *sort*; *title* is a `sort_title`."""
    match sort:
        case Sort.RELEVANCE | Sort.MIX:
            return -score, -day, article_id
        case Sort.NEWEST:
            return -day, article_id
        case Sort.OLDEST:
            return day == UNDATED, day, article_id
        case Sort.TITLE:
            return not title, title, -day, article_id
