"""The engines that are compared, all asked through the same few methods.

Each module here imports its engine when it is itself imported: one that is not installed is
skipped and named.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.questions import Question
from indexer.articles import Article

NAMES = ("ours", "tantivy", "fts5", "stock")


class Answer(NamedTuple):
    """How many articles match, exactly, and the ids of the ten best, best first."""

    total: int
    ids: tuple[str, ...]


class Contestant(Protocol):
    """An engine over the index in one folder."""

    version: str

    def index(self, corpus: Corpus, jobs: int) -> None:
        """Make the index of *corpus*, merged and durable, with *jobs* processes or threads."""
        ...

    def open(self) -> None:
        """Open the index that is there for everything below."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def segments(self) -> int:
        """Return the number of parts that a search looks into."""
        ...

    def prepare(self, question: Question) -> Callable[[], Answer]:
        """Return what asks *question*, and is timed.

        A full page is parsed inside, everything else before.
        """
        ...

    def put(self, article: Article) -> None:
        """Add or replace one article, durable and visible on return."""
        ...

    def text_of(self, article_id: str) -> str | None:
        """Return the text of an article, as searches see it now."""
        ...


def load(name: str, folder: Path) -> Contestant:
    """Return the engine *name* over *folder*. Raise ImportError where it is not installed."""
    contestant: Contestant = import_module(f"{__name__}.{name}").Contestant(folder)
    return contestant
