"""What words stand for in the postings of a segment: cuts, kept as the kernels take them.

A cut is six numbers; those of several stand one behind the other in one array, since of a search
with kernels no cut is ever looked at by itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

Cuts: TypeAlias = "array[float]"
"""Cuts, one behind the other."""


class Cut(NamedTuple):
    """Terms that one word stands for, from *first* to *beyond*, and what their postings are worth.

    *wide* as its stem, and *exact* as its very form, times how far they agree with its *writing*
    (a row of AGREEMENTS), for the places in its *scope* (a row of SCOPES).
    """

    first: int
    beyond: int
    wide: float
    exact: float
    writing: int
    scope: int


NUMBERS = len(Cut._fields)


def packed(cuts: Iterable[Cut]) -> Cuts:
    """Return *cuts* as kernels take them."""
    return array("d", chain.from_iterable(cuts))


def joined(several: Iterable[Cuts]) -> Cuts:
    """Return all cuts of *several*."""
    return array("d", b"".join(several))


def unpacked(cuts: Cuts) -> list[Cut]:
    """Return *cuts* one by one."""
    numbers = cuts.tolist()
    rows = (numbers[at : at + NUMBERS] for at in range(0, len(numbers), NUMBERS))
    return [
        Cut(int(first), int(beyond), wide, exact, int(writing), int(scope))
        for first, beyond, wide, exact, writing, scope in rows
    ]


def in_segment(cuts: Cuts, ends: Sequence[int], segment: int) -> Cuts:
    """Return those of one segment among the *cuts* of all, which *ends* part."""
    first = ends[segment - 1] if segment else 0
    return cuts[NUMBERS * first : NUMBERS * ends[segment]]


def number(cuts: Cuts) -> int:
    """Return how many *cuts* there are."""
    return len(cuts) // NUMBERS
