"""Several requests under way at once, and no more: whoever makes them waits for who takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

One = TypeVar("One")
Answer = TypeVar("Answer")


def each(send: Callable[[One], Answer], requests: Iterable[One], at_once: int) -> Iterator[Answer]:
    """Yield the answers to *requests* as they come; the first that fails is raised.

    Those under way then are waited for: nothing is sent any more when this returns or raises.
    """
    under_way: set[Future[Answer]] = set()
    with ThreadPoolExecutor(at_once, "sending") as threads:
        for request in requests:
            under_way.add(threads.submit(send, request))
            del request  # the memory of what was sent is free before the next is made
            if len(under_way) == at_once:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        for future in under_way:
            yield future.result()
