"""Work that several processes share: batches in, results out, neither running ahead of the other.

batches → bounded queue → processes, each with a *work* of its own → a pipe each → results
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import queue
import signal
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar, cast

from indexer.engines.contract import EngineError

_WAITING = 2  # batches, and results, per process
_PATIENCE = 1.0  # seconds between looks at whether the other side still lives
_DEATH_SIGNAL = 1  # as Linux's prctl.h numbers it: what a process gets when its parent dies
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
    alone = _alone()
    context: Any = multiprocessing.get_context("fork" if alone else "spawn")
    waiting: Any = context.Queue(maxsize=jobs * _WAITING)
    begin = _forked if alone else _work
    workers, results = list[Any](), list[Connection]()
    ended = 0
    try:
        for _ in range(jobs):
            # No other process has this end: a worker that dies leaves the pipe closed, not stuck.
            taking, telling = context.Pipe(duplex=False)
            results.append(taking)
            task = (work, waiting, telling, os.getpid())
            workers.append(context.Process(target=begin, args=task, daemon=True))
            workers[-1].start()
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
            told = list(_taken(results, _PATIENCE))
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


def _alone() -> bool:
    """Tell whether this process has one thread and can be forked, which spares a start.

    Of several the others are not there in a copy, and the locks that they hold stay locked.
    """
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


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


def _forked(*task: Any) -> None:
    # A copy has the files open that its parent has locked: it must not outlive it.
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    _work(*task)


def _work(
    work: Callable[[Iterator[Any]], Iterable[object]],
    waiting: Any,
    telling: Connection,
    parent: int,
) -> None:
    _check_parent(parent)

    def batches() -> Iterator[Any]:
        while True:
            try:
                batch = waiting.get(timeout=_PATIENCE)
            except queue.Empty:
                _check_parent(parent)
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


def _check_parent(parent: int) -> None:
    if os.getppid() != parent:  # nobody is left to finish for
        raise SystemExit(1) from None
