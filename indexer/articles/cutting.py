"""Files cut into portions: lines at their ends, files of one article by the handful.

A portion is cut without a look at what is in it, so that reading, which takes ten times as long,
can be shared (portions.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from indexer.articles.files import ArticleFile, Kind, find_files
from indexer.articles.jsonlines import MAX_LINE
from indexer.articles.portions import Files, Lines, OnError, There, Unread, inode_of, reported
from indexer.batches import by_size

_STRETCH = 1 << 19  # bytes: a few hundredths of a second to read and to index
_MOST_FILES = 64
_MOST_LINES = 4_096
_PACKED = 10  # times as long is a text as packed, at most, if nobody means harm


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


def _weight(file: ArticleFile) -> int:
    return file.size() * (_PACKED if file.packing else 1) or _STRETCH  # a pipe has no size


def _cut_lines(file: ArticleFile, on_error: OnError) -> Iterator[Lines]:
    path, first, done = str(file.path), 1, 0
    with reported(path, on_error), file.open() as (stream, packed):
        is_pipe = not packed.seekable()
        at = packed.tell if not is_pipe else lambda: 0  # a pipe has no length
        inode = None if is_pipe or stream is not packed or file.is_stdin else inode_of(packed)
        for start, stretch in _stretches(stream, 1 if is_pipe else _STRETCH):
            reached = at()
            for count, lines in _few(stretch):
                held = There(start, len(lines), inode) if inode else lines
                yield Lines(path, first, held, reached - done)
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
