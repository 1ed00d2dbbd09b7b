"""The articles of files in portions that any process can read: stretches of lines, or whole files.

    paths  →  portions, cut here and in order  →  read, here or elsewhere  →  rows and articles

A portion is cut without a look at what is in it, so that reading, which takes ten times as long,
can be shared. Each of its articles has a row in it, by which its place can be told afterwards.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from indexer.articles.article import Article, ArticleError
from indexer.articles.files import ArticleFile, Kind, find_files, reason
from indexer.articles.jsonlines import MAX_LINE, read_lines
from indexer.articles.whole import read_whole
from indexer.batches import by_size

_STRETCH = 1 << 19  # bytes: a few hundredths of a second to read and to index
_MOST_FILES = 64
_MOST_LINES = 4_096
_PACKED = 10  # times as long is a text as packed, at most, if nobody means harm

OnError = Callable[[ArticleError], None]


class Lines(NamedTuple):
    """Whole lines of a file, the first of them number *first*.

    *size*, as of every portion, is what is done with when it is read, in bytes as they lie there.
    """

    file: str
    first: int
    lines: bytes
    size: int

    @property
    def weight(self) -> int:
        """How many bytes there are to read."""
        return len(self.lines)

    def read(self, on_error: OnError) -> Iterator[tuple[int, Article]]:
        """Yield each article with its row."""
        lines = io.BytesIO(self.lines)
        for number, article in read_lines(lines, self.file, on_error, first=self.first):
            yield number - self.first, article

    def place(self, row: int) -> str:
        """Return file and line."""
        return f"{self.file}:{self.first + row}"

    def emptied(self) -> Lines:
        """Return it without what there is to read."""
        return self._replace(lines=b"")


class Stretch(NamedTuple):
    """Whole lines that stand in a file from *start* on, so many bytes *long*: to be read there.

    *inode* tells which file it is, should another one have got its name. Handing the bytes over
    would have processes wait for each other.
    """

    file: str
    first: int
    start: int
    long: int
    inode: tuple[int, int]
    size: int

    @property
    def weight(self) -> int:
        """How many bytes there are to read."""
        return self.long

    def read(self, on_error: OnError) -> Iterator[tuple[int, Article]]:
        """Yield each article with its row."""
        lines = b""
        with _reported(self.file, on_error):
            lines = self._lines()
        return Lines(self.file, self.first, lines, self.size).read(on_error)

    def _lines(self) -> bytes:
        with Path(self.file).open("rb") as file:
            lines = os.pread(file.fileno(), self.long, self.start)
            if _inode(file) != self.inode or len(lines) < self.long:
                raise ValueError("it was changed while it was read: add it once more")
            return lines

    def place(self, row: int) -> str:
        """Return file and line."""
        return f"{self.file}:{self.first + row}"

    def emptied(self) -> Stretch:
        """Return itself, who holds nothing to read."""
        return self


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
            with _reported(str(file.path), on_error):
                article = read_whole(file)
            if article is not None:
                yield row, article

    def place(self, row: int) -> str:
        """Return the file."""
        return str(self.files[row].path)

    def emptied(self) -> Files:
        """Return itself, who holds nothing but names."""
        return self


Unread = Lines | Stretch | Files


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


def cut(paths: Iterable[Path], on_error: OnError) -> Iterator[Unread]:
    """Yield what is in *paths*, in order; report what cannot be opened or unpacked."""
    files = find_files(paths, on_error)
    for of_lines, group in groupby(files, lambda file: file.kind is Kind.LINES):
        if of_lines:
            for file in group:
                yield from _cut_lines(file, on_error)
        else:
            for some in by_size(group, _weight, _STRETCH, _MOST_FILES):
                yield Files(tuple(some), sum(file.size() for file in some))


def read_here(portion: Unread, on_error: OnError) -> ReadAlready:
    """Read *portion* now."""
    articles = list(portion.read(on_error))
    return ReadAlready(portion.emptied(), articles, portion.size, portion.weight)


def _weight(file: ArticleFile) -> int:
    return file.size() * (_PACKED if file.packing else 1) or _STRETCH  # a pipe has no size


def _cut_lines(file: ArticleFile, on_error: OnError) -> Iterator[Lines | Stretch]:
    path, first, done = str(file.path), 1, 0
    with _reported(path, on_error), file.open() as (stream, packed):
        is_pipe = not packed.seekable()
        at = packed.tell if not is_pipe else lambda: 0  # a pipe has no length
        inode = None if is_pipe or stream is not packed or file.is_stdin else _inode(packed)
        for start, stretch in _stretches(stream, 1 if is_pipe else _STRETCH):
            reached = at()
            for count, lines in _few(stretch):
                if inode:
                    yield Stretch(path, first, start, len(lines), inode, reached - done)
                else:
                    yield Lines(path, first, lines, reached - done)
                start += len(lines)
                # Without an end it is the last line, or one too long whose rest is passed over.
                first, done = first + (count or 1), reached
        if at() > done:
            yield Lines(path, first, b"", at() - done)


def _stretches(stream: io.BufferedReader[Any], least: int) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines, *least* bytes at once: of a pipe, which may pause, all that have come.

    Beside them stands where they begin. Of a line too long comes what shows that it is, no more.
    """
    start, held, whole, passing_over = 0, bytearray(), 0, False
    try:
        while data := stream.read1(_STRETCH):  # of a packed file it may be little
            if passing_over:
                rest, end, data = data.partition(b"\n")
                start += len(rest) + len(end)
                passing_over = not end
            if beyond := data.rfind(b"\n") + 1:
                whole = len(held) + beyond
            held += data
            if whole and len(held) >= least:
                yield start, bytes(memoryview(held)[:whole])
                del held[:whole]
                start, whole = start + whole, 0
            elif not whole and len(held) > MAX_LINE:
                yield start, bytes(held)
                start += len(held)
                held.clear()
                passing_over = True
    except (OSError, ValueError):
        if whole:  # what stands before the damage
            yield start, bytes(held[:whole])
        raise
    if held:
        yield start, bytes(held)


def _few(stretch: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of *stretch*, so few at once that what is told of each takes little room.

    Beside them stands how many ends they have.
    """
    count = stretch.count(b"\n")
    if count <= _MOST_LINES:
        yield count, stretch
        return
    lines = io.BytesIO(stretch)
    while some := b"".join(islice(lines, _MOST_LINES)):
        yield some.count(b"\n"), some


def _inode(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino


@contextmanager
def _reported(path: str, on_error: OnError) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        on_error(ArticleError(path, reason(error)))
