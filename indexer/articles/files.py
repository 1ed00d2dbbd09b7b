"""The files that hold articles: which they are, in which order, and how they are opened."""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from stat import S_ISBLK, S_ISCHR
from typing import Any, BinaryIO

from indexer.articles.article import MAX_ID_LENGTH, ArticleError, check_id
from indexer.articles.unpacking import PACKINGS, packing_of, unpacked


class Kind(StrEnum):
    """What a file is read as, by its ending."""

    TEXT = "text"  # Markdown too: scraped texts are half Markdown, so one cleaning reads both
    PAGE = "page"
    LINES = "lines"


ENDINGS = {
    ".txt": Kind.TEXT,
    ".md": Kind.TEXT,
    ".markdown": Kind.TEXT,
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
}


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file that holds one article or, of kind LINES, many."""

    path: Path
    kind: Kind
    packing: str  # one of PACKINGS, or nothing
    stem: str  # the name without «.txt», «.txt.gz» …

    @contextmanager
    def open(self) -> Iterator[tuple[io.BufferedReader[Any], BinaryIO]]:
        """Yield the bytes to read, and the file below them, whose place tells the progress."""
        with open(0, "rb", closefd=False) if self.is_stdin else self.path.open("rb") as file:
            packing = packing_of(file.peek(4)) if self.is_stdin else self.packing
            yield unpacked(file, packing) if packing else file, file

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input, which no other process can open."""
        return self == _STDIN

    def size(self) -> int:
        """Return how many bytes lie there, 0 when that cannot be told."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def article_id(self) -> str:
        """Return the id of the article in this file: its name, mended where no id is like it.

        Raises ValueError for a name nothing is left of.
        """
        # Names made on older systems are not UTF-8; Windows-1252 reads any of them.
        try:
            name = os.fsencode(self.stem).decode("utf-8")
        except UnicodeDecodeError:
            name = os.fsencode(self.stem).decode("cp1252", "ignore")
        name = unicodedata.normalize("NFC", name)
        name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        if len(name) > MAX_ID_LENGTH:
            mark = blake2b(name.encode(), digest_size=8).hexdigest()
            name = f"{name[: MAX_ID_LENGTH - len(mark) - 1]}_{mark}"
        check_id(name)
        return name


_STDIN = ArticleFile(Path("<stdin>"), Kind.LINES, packing="", stem="")


def find_files(
    paths: Iterable[Path], on_error: Callable[[ArticleError], None]
) -> Iterator[ArticleFile]:
    """Yield the files at *paths*, folders searched to the bottom, in the order of names.

    «-» is standard input, of lines.
    Inside a folder hidden names and files of other kinds are passed over, and links to folders
    are not followed: they may lead in circles.
    """
    for path in paths:
        if str(path) == "-":
            yield _STDIN
            continue
        try:
            if path.is_dir():
                yield from _in_folder(path, on_error)
                continue
            if not path.exists():
                raise ValueError("there is no such file or folder")
            if S_ISCHR(mode := path.stat().st_mode) or S_ISBLK(mode):
                raise ValueError("a device holds no articles")
            file = article_file(path)
            if not file:
                raise ValueError(f"unknown kind of file: name it {_known_endings()}")
        except (OSError, ValueError) as error:
            on_error(ArticleError(str(path), reason(error)))
        else:
            yield file


def article_file(path: Path) -> ArticleFile | None:
    """Return *path* as a file of articles, None when its ending is not one of ours."""
    packing = path.suffix.lower() if path.suffix.lower() in PACKINGS else ""
    name = Path(path.stem) if packing else path
    kind = ENDINGS.get(name.suffix.lower())
    return ArticleFile(path, kind, packing, name.stem) if kind else None


def _in_folder(folder: Path, on_error: Callable[[ArticleError], None]) -> Iterator[ArticleFile]:
    """Yield the files of *folder*, or report that it has none."""
    empty = True
    for file in _walk(folder, on_error):
        empty = False
        yield file
    if empty:
        on_error(ArticleError(str(folder), f"no file in it ends in {_known_endings()}"))


def _walk(folder: Path, on_error: Callable[[ArticleError], None]) -> Iterator[ArticleFile]:
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        on_error(ArticleError(str(folder), reason(error)))
        return
    for entry in ordered:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), on_error)
        elif file := article_file(Path(entry.path)):
            try:
                plain = entry.is_file()
            except OSError as error:  # a link that leads to itself
                on_error(ArticleError(entry.path, reason(error)))
            else:
                if plain:
                    yield file


def reason(error: OSError | ValueError) -> str:
    """Return what *error* says to a person: «Permission denied», without a number."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _known_endings() -> str:
    return f"{', '.join(ENDINGS)}, each also with {' or '.join(PACKINGS)}"
