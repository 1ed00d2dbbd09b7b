"""The articles of files in portions that any process can read: stretches of lines, or whole files.

    paths  →  portions, cut in order (cutting.py)  →  read, here or elsewhere  →  rows and articles

Each of its articles has a row in a portion, by which its place can be told afterwards.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexer.articles.article import Article, ArticleError
from indexer.articles.files import ArticleFile, reason
from indexer.articles.jsonlines import read_lines
from indexer.articles.whole import read_whole

OnError = Callable[[ArticleError], None]


@dataclass(frozen=True, slots=True)
class There:
    """Bytes of a file from *start* on, to be read where they stand.

    *inode* tells which file it is, should another one have got its name. Handing the bytes over
    would have processes wait for each other.
    """

    start: int
    size: int
    inode: tuple[int, int]

    def __len__(self) -> int:
        return self.size

    def read(self, file: str) -> bytes:
        """Return the bytes. Raises ValueError where *file* no longer is what was cut."""
        with Path(file).open("rb") as opened:
            found = os.pread(opened.fileno(), self.size, self.start)
            if inode_of(opened) != self.inode or len(found) < self.size:
                raise ValueError("it was changed while it was read: add it once more")
            return found


class Lines(NamedTuple):
    """Whole lines of a file, the first of them number *first*.

    *size*, as of every portion, is what is done with when it is read, in bytes as they lie there.
    """

    file: str
    first: int
    lines: bytes | There
    size: int

    @property
    def weight(self) -> int:
        """How many bytes there are to read."""
        return len(self.lines)

    def read(self, on_error: OnError) -> Iterator[tuple[int, Article]]:
        """Yield each article with its row."""
        lines = b""
        with reported(self.file, on_error):
            lines = self.lines if isinstance(self.lines, bytes) else self.lines.read(self.file)
        stream = io.BytesIO(lines)
        for number, article in read_lines(stream, self.file, on_error, first=self.first):
            yield number - self.first, article

    def place(self, row: int) -> str:
        """Return file and line."""
        return f"{self.file}:{self.first + row}"

    def emptied(self) -> Lines:
        """Return it without what there is to read."""
        return self._replace(lines=b"")


class Files(NamedTuple):
    """Files of one article each."""

    files: tuple[ArticleFile, ...]
    size: int

    @property
    def weight(self) -> int:
        """How many bytes there are to read, where none is packed."""
        return self.size

    def read(self, on_error: OnError) -> Iterator[tuple[int, Article]]:
        """Yield each article with its row; a file is opened when it is asked for."""
        for row, file in enumerate(self.files):
            article = None
            with reported(str(file.path), on_error):
                article = read_whole(file)
            if article is not None:
                yield row, article

    def place(self, row: int) -> str:
        """Return the file."""
        return str(self.files[row].path)

    def emptied(self) -> Files:
        """Return itself, who holds nothing but names."""
        return self


Unread = Lines | Files


class ReadAlready(NamedTuple):
    """A portion that was read here: its articles with their rows."""

    source: Unread
    articles: list[tuple[int, Article]]
    size: int
    weight: int

    def read(self, on_error: OnError) -> Iterator[tuple[int, Article]]:
        """Yield each article with its row; what could not be read was reported before."""
        return iter(self.articles)

    def emptied(self) -> Unread:
        """Return what tells the same places, and holds nothing to read."""
        return self.source


Portion = Unread | ReadAlready


def read_here(portion: Unread, on_error: OnError) -> ReadAlready:
    """Read *portion* now."""
    articles = list(portion.read(on_error))
    return ReadAlready(portion.emptied(), articles, portion.size, portion.weight)


def inode_of(file: BinaryIO) -> tuple[int, int]:
    """Return what tells an open file from any other of this machine."""
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino


@contextmanager
def reported(path: str, on_error: OnError) -> Iterator[None]:
    """Tell *on_error* what cannot be opened, read or unpacked while the block runs."""
    try:
        yield
    except (OSError, ValueError) as error:
        on_error(ArticleError(path, reason(error)))
