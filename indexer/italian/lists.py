"""The word lists: text files beside the code, one head comment each with origin and licence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).parent  # importlib.resources would take as long as reading all lists


def lines(name: str) -> Iterator[str]:
    """Yield the lines of the list *name*; «#» opens a comment."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].rstrip()
        if line:
            yield line


def words(name: str) -> Iterator[str]:
    """Yield the words of the list *name*, which stand on as many lines as it likes."""
    for line in lines(name):
        yield from line.split()


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of the table *name*, whose cells stand between tabs."""
    for line in lines(name):
        yield line.split("\t")
