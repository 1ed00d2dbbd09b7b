"""Many articles made into segments, in several processes where there are cores.

    articles → batches → worker processes, each with a builder of its own → segments

Reading never runs ahead of indexing (jobs.py). Each segment comes with the order in which its
articles arrived: of two with one id the later is to stay.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple

import numpy as np

from indexer.batches import by_number, more_than
from indexer.engines.contract import StoredArticle
from indexer.engines.jobs import shared
from indexer.engines.whoosh.building import SegmentBuilder
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.storage import Folder

_FEW = 5_000  # articles that one process has done before two have learnt their words
_BATCH = 64
_MMAP_THRESHOLD, _LARGE = -3, 16 << 20  # as glibc's malloc.h numbers it; bytes

_Batch = tuple[int, list[StoredArticle]]


class Built(NamedTuple):
    """A new segment, and the place of each of its articles among all that came."""

    segment: ColumnarSegment
    order: Array


def build(
    folder: Folder, articles: Iterable[StoredArticle], jobs: int, lexicon: Lexicon
) -> Iterator[Built]:
    """Write segments of *articles* with up to *jobs* processes, yielding each when it is done.

    What this process builds it builds with *lexicon*.
    """
    many, coming = more_than(_FEW, articles)
    batches = _batches(coming)
    if many and jobs > 1:
        yield from shared(partial(_work, folder, jobs), batches, jobs)
    else:
        with _uncollected():
            yield from _build_here(folder, batches, lexicon)


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
        yield first, batch
        first += len(batch)


def _work(folder: Folder, processes: int, batches: Iterator[_Batch]) -> Iterator[Built]:
    """Do the part of one among several *processes*."""
    _give_memory_back()
    with _uncollected():
        yield from _build_here(folder, batches, Lexicon(processes))


def _give_memory_back() -> None:
    """Have freed arrays given back to the system at once, where the C library lets itself be told.

    Else glibc keeps ever larger ones, between which others come to lie.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _build_here(folder: Folder, batches: Iterable[_Batch], lexicon: Lexicon) -> Iterator[Built]:
    builder, order = SegmentBuilder(folder, lexicon), list[int]()
    try:
        for first, batch in batches:
            for place, article in enumerate(batch, first):
                if builder.full:
                    yield from _finished(builder, order)
                    builder, order = SegmentBuilder(folder, lexicon), []
                builder.add(article)
                order.append(place)
        yield from _finished(builder, order)
    finally:
        builder.close()


def _finished(builder: SegmentBuilder, order: list[int]) -> Iterator[Built]:
    segment = builder.finish()
    if segment is not None:
        yield Built(segment, np.array(order, np.uint32))
