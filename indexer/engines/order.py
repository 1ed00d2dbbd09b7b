"""The order of hits, the same in every engine: ties go to the newer article, then to the id."""

from __future__ import annotations

from indexer.engines.contract import Sort
from indexer.italian import fold

UNDATED = 0


def day(date: str | None) -> int:
    """Return the first day of a year, month or day as a number, 20251119; UNDATED for None."""
    return int((date + "-01-01"[len(date) - 4 :]).replace("-", "")) if date else UNDATED


def sort_title(title: str) -> str:
    """Return what a title is sorted by: folded, without the quotes and signs it opens with."""
    folded = fold(title)
    return next((folded[i:] for i, letter in enumerate(folded) if letter.isalnum()), folded)


def sort_key(
    sort: Sort, *, score: float, day: int, title: str, article_id: str
) -> tuple[float | str, ...]:
    """Return a key that sorts hits into the order of *sort*; *title* is a `sort_title`."""
    match sort:
        case Sort.RELEVANCE:
            return -score, -day, article_id
        case Sort.NEWEST:
            return -day, article_id
        case Sort.OLDEST:
            return day == UNDATED, day, article_id
        case Sort.TITLE:
            return not title, title, -day, article_id
