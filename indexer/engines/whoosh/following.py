"""Which articles of a segment stand behind a place, in an order that does not score."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from indexer.engines.contract import Place, Sort
from indexer.engines.order import UNDATED
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import View

_Key = TypeVar("_Key", str, tuple[bool, str])


def following(view: View, sort: Sort, after: Place) -> Array:
    """Return the mask of the articles that come after *after*."""
    columns = view.file.columns
    behind_id = columns.id_ranks >= _first_behind(columns.id_ranks, columns.id_of, after.id)
    same_day = columns.days == after.day
    match sort:
        case Sort.NEWEST:
            return _then(columns.days < after.day, same_day, behind_id)
        case Sort.OLDEST if after.day == UNDATED:
            return np.asarray(same_day & behind_id)
        case Sort.OLDEST:
            later = (columns.days > after.day) | (columns.days == UNDATED)
            return _then(later, same_day, behind_id)
        case Sort.TITLE:
            titles, ranks = columns.titles(), columns.title_ranks

            def key(number: int) -> tuple[bool, str]:
                return not titles[number], titles[number]

            title = (not after.title, after.title)
            later = ranks >= _first_behind(ranks, key, title)
            same = np.fromiter((own == after.title for own in titles), bool, len(titles))
            older = _then(columns.days < after.day, same_day, behind_id)
            return _then(later, same, older)
        case _:
            raise ValueError(f"an order by {sort} has no places")


def _then(behind: Array, level: Array, otherwise: Array) -> Array:
    return np.asarray(behind | (level & otherwise))


def _first_behind(ranks: Array, key: Callable[[int], _Key], wanted: _Key) -> int:
    """Return the rank of the first article whose key is above *wanted*."""
    order = np.argsort(ranks, kind="stable")
    place = bisect_right(range(len(order)), wanted, key=lambda at: key(int(order[at])))
    return int(ranks[order[place]]) if place < len(order) else len(order)
