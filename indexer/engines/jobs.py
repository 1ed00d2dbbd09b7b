"""Work that several processes share: batches in, results out, neither running ahead of the other.

batches → bounded queue → processes, each with a *work* of its own → a pipe each → results
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from indexer.engines.contract import EngineError
from indexer.engines.processes import PATIENCE, Starter, check_parent

_WAITING = 2  # batches, and results, per process
_PAUSE = 0.05  # seconds after which results are taken out where no batch can be put in

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def shared(
    work: Callable[[Iterator[Batch]], Iterable[Result]], batches: Iterable[Batch], jobs: int
) -> Iterator[Result]:
    """Yield what *work* makes of *batches* in so many processes, in the order it comes.

    Each process calls *work* once, with those of the batches that it gets. Batches are asked for
    no faster than results are taken.
    """
    starter = Starter()
    waiting: Any = starter.context.Queue(maxsize=jobs * _WAITING)
    workers, results = list[Any](), list[Connection]()
    ended = 0
    try:
        for _ in range(jobs):
            # No other process has this end: a worker that dies leaves the pipe closed, not stuck.
            taking, telling = starter.context.Pipe(duplex=False)
            results.append(taking)
            workers.append(starter.start(_work, work, waiting, telling))
            telling.close()
        for batch in chain(batches, [None] * jobs):
            there = False
            while not there:
                there = _put(waiting, batch, workers)
                for result in _taken(results):
                    if result is None:
                        ended += 1
                    else:
                        yield result
        while ended < jobs:
            nobody_left = not any(worker.is_alive() for worker in workers)
            told = list(_taken(results, PATIENCE))
            for result in told:
                if result is None:
                    ended += 1
                else:
                    yield result
            _check_alive(workers)
            if nobody_left and not told:
                raise EngineError("An indexing process ended without a result; nothing changed.")
        for worker in workers:
            worker.join()
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
                worker.join()
        waiting.cancel_join_thread()
        waiting.close()
        for taking in results:
            taking.close()


def _put(waiting: Any, batch: object, workers: list[Any]) -> bool:
    try:
        waiting.put(batch, timeout=_PAUSE)
    except queue.Full:
        _check_alive(workers)
        return False
    return True


def _taken(results: list[Connection], patience: float = 0.0) -> Iterator[Any]:
    """Yield the results that are there, waiting *patience* seconds for the first."""
    while ready := wait(results, patience):
        patience = 0.0
        for each in ready:
            taking = cast(Connection, each)
            try:
                result = taking.recv()
            except (EOFError, ConnectionError):  # its process has ended
                results.remove(taking)
                taking.close()
                continue
            if isinstance(result, BaseException):
                raise result
            yield result


def _check_alive(workers: list[Any]) -> None:
    for worker in workers:
        if worker.exitcode:
            raise EngineError(
                f"An indexing process ended with exit code {worker.exitcode}, perhaps for want of "
                "memory; nothing was changed. Try again with --jobs 1."
            )


def _work(
    parent: int,
    work: Callable[[Iterator[Any]], Iterable[object]],
    waiting: Any,
    telling: Connection,
) -> None:
    def batches() -> Iterator[Any]:
        while True:
            try:
                batch = waiting.get(timeout=PATIENCE)
            except queue.Empty:
                check_parent(parent)
                continue
            if batch is None:
                return
            yield batch

    try:
        for result in work(batches()):
            telling.send(result)
        telling.send(None)
    except BrokenPipeError:  # nobody is left to finish for
        raise SystemExit(1) from None
    except Exception as error:
        telling.send(error)
