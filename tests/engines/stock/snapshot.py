"""One generation of an index, as a single search reads it: postings, columns, articles."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from whoosh.matching import Matcher
from whoosh.reading import IndexReader

from indexer.engines.contract import Field, StoredArticle
from tests.engines.stock.entries import decode
from tests.engines.stock.schema import WRITTEN


class Snapshot:
    """The articles under their numbers in this generation; never used by two threads at once.

    Whoosh's readers seek and read on shared files: two threads on one would read each other's
    postings. Columns are read whole when first asked for, segment by segment, because Whoosh
    mixes the segments up when one lacks the column.
    """

    def __init__(self, reader: IndexReader, generation: int) -> None:
        self._reader = reader
        self.generation = generation

    @cached_property
    def live(self) -> tuple[int, ...]:
        """The numbers of the articles that are not deleted."""
        return tuple(self._reader.all_doc_ids())

    def relative_length(self, number: int) -> float:
        """Return the length of an article divided by the average one."""
        return self._lengths[number] / self._average_length

    @cached_property
    def _average_length(self) -> float:
        return sum(self._lengths[number] for number in self.live) / len(self.live)

    @cached_property
    def _lengths(self) -> Sequence[int]:
        return self._column("length")

    @cached_property
    def days(self) -> Sequence[int]:
        """The day of each article, as `order.day` counts."""
        return self._column("day")

    @cached_property
    def ids(self) -> Sequence[str]:
        """The id of each article."""
        return [written.decode("utf-8", "surrogatepass") for written in self._column("written_id")]

    @cached_property
    def sort_titles(self) -> Sequence[str]:
        """What each article's title is sorted by."""
        return [title.decode("utf-8", "surrogatepass") for title in self._column("sort_title")]

    def values(self, field: Field, numbers: Iterable[int]) -> Iterator[tuple[str, ...]]:
        """Yield what each of these articles has in *field*, as written."""
        written = self._column(WRITTEN[field])
        return (tuple(json.loads(written[number])) for number in numbers)

    def frequencies(self, field: str, term: str) -> Iterator[tuple[int, float]]:
        """Yield the articles whose *field* holds *term*, each with how often."""
        for matcher in self._postings(field, term):
            yield matcher.id(), matcher.weight()

    def positions(
        self, field: str, term: str, among: Container[int] | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield the articles (*among* those) whose *field* holds *term*, each with the places."""
        for matcher in self._postings(field, term):
            if among is None or matcher.id() in among:
                yield matcher.id(), matcher.value_as("positions")

    def _postings(self, field: str, term: str) -> Iterator[Matcher]:
        if (field, term) in self._reader:
            matcher = self._reader.postings(field, term)
            while matcher.is_active():
                yield matcher
                matcher.next()

    def lexicon(self, field: str, lead: str) -> Iterator[str]:
        """Yield the terms of *field* that begin with *lead*."""
        if field in set(self._reader.indexed_field_names()):
            for term in self._reader.expand_prefix(field, lead):
                yield term.decode("utf-8", "surrogatepass")

    def find(self, article_id: str) -> int | None:
        """Return the number of the article with this id."""
        return next((number for number, _ in self.frequencies("id", article_id)), None)

    def article(self, number: int, *, raw: bool) -> StoredArticle:
        """Return an article, with its *raw* text or without."""
        stored = self._reader.stored_fields(number)
        return StoredArticle(decode(stored, raw=raw), stored["indexed_at"])

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def _column(self, name: str) -> list[Any]:
        return [
            value
            for leaf, _ in self._reader.leaf_readers()
            if leaf.doc_count_all()
            for value in leaf.column_reader(name, translate=False)
        ]
