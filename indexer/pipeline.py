"""From files to the index: the one way articles take.

    paths  →  Reading  →  engine.write, or a rebuild

A load is one write of one stream: no list of articles is ever held, and the index takes in all of
them or, when the load is interrupted, none. Files that cannot be read are passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from indexer.articles import Article, ArticleError
from indexer.articles.files import find_files
from indexer.articles.reading import Reading
from indexer.engines import filling, rebuild
from indexer.engines.contract import Progress, Written


class Observer(Protocol):
    """Hears how a load goes on, while it goes on."""

    def read(self, size: int) -> None:
        """*size* more bytes of the files are done with."""

    def took(self, articles: int) -> None:
        """The engine has been given so many *articles* by now."""

    def skipped(self, error: ArticleError) -> None:
        """A file, or a line of one, holds no article that can be read."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a load did, and how many seconds it took."""

    added: int
    replaced: int
    skipped: int
    seconds: float
    made: bool = False
    """Whether there was no index before."""


def add(url: str, paths: Iterable[Path], observer: Observer, jobs: int = 1) -> Summary:
    """Add the articles in *paths* to the index at *url*, made if need be, with *jobs* processes."""

    made = False

    def write(articles: Iterable[Article]) -> Written:
        nonlocal made
        with filling(url, jobs=jobs) as (engine, made):
            return engine.write(articles)

    return replace(_load(paths, observer, write), made=made)


def replace_all(
    url: str, paths: Iterable[Path], observer: Observer, jobs: int = 1, *, keep: bool = True
) -> Summary:
    """Build the index at *url* anew from the articles in *paths* alone; *keep* the old one."""
    return _load(paths, observer, lambda articles: rebuild(url, articles, jobs=jobs, keep=keep))


def rebuild_stored(url: str, progress: Progress, jobs: int = 1, *, keep: bool = True) -> Summary:
    """Build the index at *url* anew from the articles it holds; *keep* the old one."""
    start = time.monotonic()
    written = rebuild(url, progress=progress, jobs=jobs, keep=keep)
    return Summary(written.added, written.replaced, 0, time.monotonic() - start)


def total_size(paths: Iterable[Path]) -> int:
    """Return the bytes that a load of *paths* will read; none of the files is opened."""
    return sum(file.size() for file in find_files(paths, lambda error: None))


def _load(
    paths: Iterable[Path], observer: Observer, write: Callable[[Iterable[Article]], Written]
) -> Summary:
    start = time.monotonic()
    skipped = 0

    def skip(error: ArticleError) -> None:
        nonlocal skipped
        skipped += 1
        observer.skipped(error)

    took = 0

    def took_more(articles: int) -> None:
        nonlocal took
        took += articles
        observer.took(took)

    reading = Reading(paths, skip, observer.read, took_more)
    # Without an article nothing is opened: no index is made, none is emptied.
    written = Written(added=0, replaced=0) if reading.is_empty() else write(reading)
    return Summary(written.added, written.replaced, skipped, time.monotonic() - start)
