"""Many articles made into segments, in several processes where there are cores.

    articles → batches → worker processes, each with a builder of its own → segments

Batches wait in a bounded queue, so that reading never runs ahead of indexing. Each segment comes
with the order in which its articles arrived: of two with one id the later is to stay.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.contract import EngineError, StoredArticle
from indexer.engines.whoosh.building import SegmentBuilder
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.storage import Folder

_FEW = 10_000  # articles that one process has done before two have learnt their words
_BATCH = 64
_WAITING = 2  # batches per worker
_PATIENCE = 1.0  # seconds between looks at whether the other side still lives

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
    coming = iter(articles)
    head = list(islice(coming, _FEW + 1))
    batches = _batches(chain(head, coming))
    if jobs < 2 or len(head) <= _FEW:
        with _uncollected():
            yield from _build_here(folder, batches, lexicon)
    else:
        yield from _build_in_workers(folder, batches, jobs)


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
    while batch := list(islice(articles, _BATCH)):
        yield first, batch
        first += len(batch)


def _build_here(folder: Folder, batches: Iterable[_Batch], lexicon: Lexicon) -> Iterator[Built]:
    builder, order = SegmentBuilder(folder, lexicon), list[int]()
    try:
        for first, batch in batches:
            for place, article in enumerate(batch, first):
                if builder.full:
                    yield from _finished(builder, order)
                    lexicon.settle()
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


def _build_in_workers(folder: Folder, batches: Iterable[_Batch], jobs: int) -> Iterator[Built]:
    # Spawned, not forked: the caller may have threads, whose locks a fork would copy locked.
    context = multiprocessing.get_context("spawn")
    waiting: Any = context.Queue(maxsize=jobs * _WAITING)
    done: Any = context.Queue()
    workers = [
        context.Process(target=_work, args=(folder, waiting, done), daemon=True)
        for _ in range(jobs)
    ]
    try:
        for worker in workers:
            worker.start()
        for batch in chain(batches, [None] * jobs):
            _put(waiting, batch, workers)
            while not done.empty():
                yield _checked(done.get())
        ended = 0
        while ended < jobs:
            try:
                result = done.get(timeout=_PATIENCE)
            except queue.Empty:
                _check_alive(workers)
                continue
            if result is None:
                ended += 1
            else:
                yield _checked(result)
        for worker in workers:
            worker.join()
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
                worker.join()
        waiting.cancel_join_thread()
        waiting.close()
        done.close()


def _put(waiting: Any, batch: _Batch | None, workers: list[Any]) -> None:
    while True:
        try:
            waiting.put(batch, timeout=_PATIENCE)
            return
        except queue.Full:
            _check_alive(workers)


def _check_alive(workers: list[Any]) -> None:
    for worker in workers:
        if worker.exitcode:
            raise EngineError(
                f"An indexing process ended with exit code {worker.exitcode}, perhaps for want of "
                "memory; nothing was changed. Try again with --jobs 1."
            )


def _checked(result: Built | BaseException) -> Built:
    if isinstance(result, BaseException):
        raise result
    return result


def _work(folder: Folder, waiting: Any, done: Any) -> None:
    parent = os.getppid()

    def batches() -> Iterator[_Batch]:
        while True:
            try:
                batch = waiting.get(timeout=_PATIENCE)
            except queue.Empty:
                if os.getppid() != parent:  # nobody is left to finish for
                    raise SystemExit(1) from None
                continue
            if batch is None:
                return
            yield batch

    try:
        with _uncollected():
            for built in _build_here(folder, batches(), Lexicon()):
                done.put(built)
        done.put(None)
    except Exception as error:
        done.put(error)
