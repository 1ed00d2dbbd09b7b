"""One search: the matches of every segment, the best of them in order, the page asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from indexer.engines import facets, ranking
from indexer.engines.contract import Clause, Field, Hit, Page, Query, Sort
from indexer.engines.order import UNDATED, days
from indexer.engines.whoosh.answering import answered
from indexer.engines.whoosh.best import best
from indexer.engines.whoosh.executor import Executor
from indexer.engines.whoosh.following import following
from indexer.engines.whoosh.nearness import Best, nearness
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.stored import add_text, decode_heads

_LEAST = 1 - (1 << 31)  # that of which the negative is a 32-bit number too


def search(snapshot: Snapshot, query: Query, offset: int, limit: int) -> Page:
    """Return the hits number *offset* to *offset + limit* of *query*."""
    executor = Executor(snapshot)
    by_score = query.sort.by_score
    pairs = ranking.neighbours(query.clause) if by_score else ()
    wanted = max(offset + limit, ranking.NEAR_DEPTH if pairs else 0)
    found = answered(snapshot, executor, query, pairs, wanted)
    if found:
        span = slice(offset, offset + limit)
        best_ones = (found.segments[span], found.numbers[span], found.scores[span])
        return Page(_hits(snapshot, query.texts, *best_ones), found.total)
    writings: dict[Field, Counter[str]] = {field: Counter() for field in query.facets}
    of_days: Counter[int] = Counter()
    chosen: list[Array] = []
    goodness: list[Array] = []
    total = 0
    matches = executor.matches(query.clause, scored=by_score)
    for segment, (view, own) in enumerate(zip(snapshot.views, matches, strict=True)):
        total += own.total
        held, mask = own.total, own.mask
        for field, counter in writings.items():
            _count(view, field, own.articles(), counter)
        if query.days:
            numbers, articles = np.unique(
                view.file.columns.days[own.articles()], return_counts=True
            )
            of_days.update(dict(zip(numbers.tolist(), articles.tolist(), strict=True)))
        if query.after:
            mask = own.articles() & following(view, query.sort, query.after)
            held = int(np.count_nonzero(mask))
        every = _goodness(view, query.sort, own.scores)
        if query.sort is Sort.MIX:
            every = every * snapshot.recencies[segment]
        columns = view.file.columns
        numbers = best(every, mask, min(wanted, held), columns.ages, columns.id_ranks)
        chosen.append(numbers)
        goodness.append(every[numbers])
    ranked = _Ranked(snapshot, query.sort, chosen, goodness)
    if pairs and len(ranked):
        ranked.raise_near(pairs)
    return Page(
        hits=ranked.hits(offset, offset + limit, texts=query.texts),
        total=total,
        facets={field: facets.rank(counter) for field, counter in writings.items()},
        days=days(of_days.items()),
    )


def holding(snapshot: Snapshot, clauses: Sequence[Clause]) -> tuple[int, ...]:
    """Return for how many articles each of *clauses* holds."""
    executor = Executor(snapshot)
    return tuple(
        sum(own.total for own in executor.matches(clause, scored=False)) for clause in clauses
    )


_NONE = np.zeros(0, np.intp)


class _Ranked:
    """The best of each segment, in one order."""

    def __init__(
        self, snapshot: Snapshot, sort: Sort, chosen: list[Array], goodness: list[Array]
    ) -> None:
        self._snapshot = snapshot
        self._sort = sort
        self._segments = np.repeat(np.arange(len(chosen)), [len(each) for each in chosen])
        self._numbers = np.concatenate([*chosen, _NONE])
        self._goodness = np.concatenate([*goodness, np.zeros(0, np.float32)])
        self._ages = np.concatenate(
            [
                view.file.columns.ages[each]
                for view, each in zip(snapshot.views, chosen, strict=True)
            ]
            + [_NONE]
        )
        self._titles = self._read_titles() if sort is Sort.TITLE else None
        self._put_in_order()

    def __len__(self) -> int:
        return len(self._numbers)

    def hits(self, first: int, beyond: int, *, texts: bool) -> tuple[Hit, ...]:
        """Return the articles from *first* to *beyond*, read from their stores."""
        segments, numbers, goodness = (
            values[first:beyond].tolist()
            for values in (self._segments, self._numbers, self._goodness)
        )
        scores = goodness if self._sort.by_score else [0.0] * len(numbers)
        return _hits(self._snapshot, texts, segments, numbers, scores)

    def raise_near(self, pairs: tuple[ranking.Neighbours, ...]) -> None:
        """Add to the first articles' scores what words that stand together earn."""
        depth = ranking.NEAR_DEPTH
        first = Best(self._segments[:depth], self._numbers[:depth])
        earned = nearness(self._snapshot, pairs, first)
        if self._sort is Sort.MIX:
            recencies = self._snapshot.recencies
            earned *= [recencies[segment][number] for segment, number in zip(*first, strict=True)]
        self._goodness[:depth] += earned
        self._put_in_order(depth)

    def _put_in_order(self, depth: int | None = None) -> None:
        """Sort the first *depth*: by goodness, then the newer, then the smaller id."""
        if self._titles is not None:
            order = np.array(sorted(range(len(self)), key=self._by_title), np.intp)
        else:
            order = self._with_ids(np.lexsort((self._ages[:depth], -self._goodness[:depth])))
        for values in (self._segments, self._numbers, self._goodness, self._ages):
            values[: len(order)] = values[order]

    def _with_ids(self, order: Array) -> Array:
        """Put equals in the order of their ids."""
        goodness, ages = self._goodness[order], self._ages[order]
        equal = (goodness[1:] == goodness[:-1]) & (ages[1:] == ages[:-1])
        if not equal.any():
            return order
        groups = np.split(order, np.flatnonzero(~equal) + 1)
        return np.array([p for own in groups for p in sorted(own.tolist(), key=self._id)])

    def _id(self, place: int) -> str:
        view = self._snapshot.views[self._segments[place]]
        article_id: str = view.file.columns.id_of(int(self._numbers[place]))
        return article_id

    def _read_titles(self) -> list[str]:
        titles = [view.file.columns.titles() for view in self._snapshot.views]
        return [
            titles[segment][number]
            for segment, number in zip(self._segments.tolist(), self._numbers.tolist(), strict=True)
        ]

    def _by_title(self, place: int) -> tuple[bool, str, int, str]:
        assert self._titles is not None
        title = self._titles[place]
        return not title, title, int(self._ages[place]), self._id(place)


def _hits(
    snapshot: Snapshot,
    texts: bool,
    segments: Sequence[int],
    numbers: Sequence[int],
    scores: Sequence[float],
) -> tuple[Hit, ...]:
    places = [
        (snapshot.views[at].file, number) for at, number in zip(segments, numbers, strict=True)
    ]
    articles = decode_heads([file.heads[number] for file, number in places])
    if texts:
        for article, (file, number) in zip(articles, places, strict=True):
            add_text(article, file.texts[number])
    return tuple(map(Hit, articles, scores))


def _goodness(view: View, sort: Sort, scores: Array | None) -> Array:
    columns = view.file.columns
    match sort:
        case Sort.RELEVANCE | Sort.MIX:
            assert scores is not None
            return scores
        case Sort.NEWEST:
            return columns.days
        case Sort.OLDEST:
            return np.where(columns.days == UNDATED, _LEAST, columns.ages)
        case Sort.TITLE:
            return -columns.title_ranks.astype(np.int32)


def _count(view: View, field: Field, mask: Array, counter: Counter[str]) -> None:
    facet = view.file.columns.facet(field)
    for value, articles in zip(facet.values, facet.counts(mask).tolist(), strict=True):
        if articles:
            counter[value] += articles
