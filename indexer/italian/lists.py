"""The word lists: text files beside the code, one head comment each with origin and licence."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources


def words(name: str) -> Iterator[str]:
    """Yield the words of the list *name*: as many a line as it likes, «#» opens a comment."""
    for line in _lines(name):
        yield from line.split()


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of the table *name*, whose cells stand between tabs."""
    for line in _lines(name):
        yield line.split("\t")


def _lines(name: str) -> Iterator[str]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        line = line.partition("#")[0].rstrip()
        if line:
            yield line
