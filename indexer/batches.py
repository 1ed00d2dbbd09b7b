"""Streams cut into batches, by number or by size, and whether a stream is long at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

One = TypeVar("One")


def by_number(items: Iterable[One], most: int) -> Iterator[list[One]]:
    """Yield *items*, *most* at once."""
    rest = iter(items)
    while batch := list(islice(rest, most)):
        yield batch


def by_size(
    items: Iterable[One], size: Callable[[One], int], room: int, most: int | None = None
) -> Iterator[list[One]]:
    """Yield *items*, as many at once as there is *room* for, one at least, and *most* at most."""
    batch: list[One] = []
    taken = 0
    for item in items:
        more = size(item)
        if batch and (len(batch) == most or taken + more > room):
            yield batch
            batch, taken = [], 0
        batch.append(item)
        taken += more
    if batch:
        yield batch


def more_than(few: int, items: Iterable[One]) -> tuple[bool, Iterator[One]]:
    """Tell whether there are more than *few*, and return all *items*."""
    coming = iter(items)
    head = list(islice(coming, few + 1))
    return len(head) > few, chain(head, coming)
