"""Many articles made into segments, in several processes where there are cores.

    articles → batches  ┐
                        ├ → worker processes, each with a builder of its own → segments
    files → portions    ┘

Reading never runs ahead of indexing (jobs.py); portions are read by the workers, too. Each segment
comes with the order in which its articles arrived: of two with one id one is to stay.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import numpy as np

from indexer.articles import ArticleError
from indexer.batches import by_number, more_than
from indexer.engines.coming import Shareable, Unread, now
from indexer.engines.contract import StoredArticle
from indexer.engines.freed import give_large_back
from indexer.engines.jobs import shared
from indexer.engines.whoosh.building import SegmentBuilder
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.storage import Folder

_FEW = 5_000  # articles that one process has done before two have learnt their words
_BATCH = 64
_ROWS = 32  # bits for an article's row in its portion, below those for the portion's number

LITTLE = 16 << 20
"""Bytes of files that one process has indexed before two have learnt their words."""


class Built(NamedTuple):
    """A new segment, and the place of each of its articles among all that came."""

    segment: ColumnarSegment
    order: Array


class _Told(NamedTuple):
    portion: int
    articles: int
    errors: list[ArticleError]


class _Batch(NamedTuple):
    places: Sequence[int]
    articles: Sequence[StoredArticle]
    told: _Told | None = None  # to be told once it is indexed


def build(
    folder: Folder, articles: Iterable[StoredArticle], jobs: int, lexicon: Lexicon
) -> Iterator[Built]:
    """Write segments of *articles* with up to *jobs* processes, yielding each when it is done.

    What this process builds it builds with *lexicon*.
    """
    many, coming = more_than(_FEW, articles)
    batches = _batches(coming)
    if many and jobs > 1:
        results = shared(partial(_work, folder, jobs), batches, jobs)
    else:
        results = _build_here(folder, batches, lexicon)
    yield from (result for result in results if isinstance(result, Built))


def build_portions(folder: Folder, articles: Shareable, jobs: int) -> Iterator[Built]:
    """Have *articles* read and indexed in *jobs* processes, yielding each segment when it is done.

    Places tell portion and row (`portion_and_row`).
    """
    give_large_back()
    work = partial(_read_and_work, folder, jobs, now())
    for result in shared(work, enumerate(articles.portions()), jobs):
        if isinstance(result, _Told):
            articles.took(*result)
        else:
            yield result


def sync(folder: Folder, built: Built) -> None:
    """Put on the disk what is *built*: who builds for another process does, beside the others."""
    folder.open(built.segment.file_name).sync()


def portion_and_row(place: int) -> tuple[int, int]:
    """Return what a place among the articles of portions stands for."""
    return divmod(place, 1 << _ROWS)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from walking over millions of words, again and again, that all stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _batches(articles: Iterator[StoredArticle]) -> Iterator[_Batch]:
    first = 0
    for batch in by_number(articles, _BATCH):
        yield _Batch(range(first, first + len(batch)), batch)
        first += len(batch)


def _work(folder: Folder, processes: int, batches: Iterable[_Batch]) -> Iterator[Built | _Told]:
    """Do the part of one among several *processes*."""
    give_large_back()
    for result in _build_here(folder, batches, Lexicon(processes)):
        if isinstance(result, Built):
            sync(folder, result)
        yield result


def _read_and_work(
    folder: Folder, processes: int, time: str, portions: Iterator[tuple[int, Unread]]
) -> Iterator[Built | _Told]:
    """Do the part of one among several *processes*, reading included."""
    return _work(folder, processes, (_read(*each, time) for each in portions))


def _read(number: int, portion: Unread, time: str) -> _Batch:
    errors: list[ArticleError] = []
    places, articles = [], []
    for row, article in portion.read(errors.append):
        places.append(number << _ROWS | row)
        articles.append(StoredArticle(article, time))
    return _Batch(places, articles, _Told(number, len(articles), errors))


def _build_here(
    folder: Folder, batches: Iterable[_Batch], lexicon: Lexicon
) -> Iterator[Built | _Told]:
    builder, order = SegmentBuilder(folder, lexicon), array("Q")
    with _uncollected():
        try:
            for places, articles, told in batches:
                for place, article in zip(places, articles, strict=True):
                    if builder.full:
                        yield from _finished(builder, order)
                        builder, order = SegmentBuilder(folder, lexicon), array("Q")
                    builder.add(article)
                    order.append(place)
                if told:
                    yield told
            yield from _finished(builder, order)
        finally:
            builder.close()


def _finished(builder: SegmentBuilder, order: array[int]) -> Iterator[Built]:
    segment = builder.finish()
    if segment is not None:
        yield Built(segment, np.array(order, np.uint64))
