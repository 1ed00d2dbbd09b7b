"""What filters, facets and sorting ask of each article, as arrays.

days          20251119; 0 without a date; a year or a month is its first day
id_…          ids in the order of articles, their hashes sorted, and their rank among the ids
title_ranks   the article's place among the segment's titles; titles: those, as JSON
source_…      the number of the article's value; the values themselves are JSON
author_…, section_…, tag_… (an article has any number of tags)
"""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.articles import Article
from indexer.engines.contract import Field
from indexer.engines.order import day, sort_title
from indexer.engines.whoosh.draft import Draft
from indexer.engines.whoosh.facet import Facet
from indexer.engines.whoosh.places import places_of
from indexer.engines.whoosh.sections import Array, Sections
from indexer.italian import fold

_HASH_BYTES = 8


def hash_id(article_id: str) -> int:
    """Return 64 bits of *article_id*."""
    digest = hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES)
    return int.from_bytes(digest.digest(), "little")


def values_of(article: Article, field: Field) -> tuple[str, ...]:
    """Return the values of *article* that filters on *field* compare."""
    if field is Field.TAG:
        return article.tags
    value: str | None = getattr(article, field)
    return (value,) if value else ()


class _Values:
    """The values of one field: each has a number, and each article some of these."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.entries = array("I")
        self.ends = array("I")

    def add(self, values: Iterable[str]) -> None:
        numbers = self.numbers
        for value in values:
            self.entries.append(numbers.setdefault(value, len(numbers)))
        self.ends.append(len(self.entries))

    def copy(self, facet: Facet, articles: Array) -> None:
        """Take the values of the *articles* of *facet*."""
        numbers = self.numbers
        numbered = np.array(
            [numbers.setdefault(value, len(numbers)) for value in facet.values], np.uint32
        )
        entries, counts = facet.of_each(articles)
        ends = len(self.entries) + np.cumsum(counts)
        self.entries.frombytes(numbered[entries].tobytes())
        self.ends.frombytes(ends.astype(np.uint32).tobytes())


class ColumnsWriter:
    """Collects the columns of a segment, article by article or from other segments."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._ids: list[str] = []
        self._hashes = array("Q")
        self._titles: list[str] = []
        self._fields = [(field, _Values()) for field in Field]

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, article: Article) -> None:
        """Take the next article."""
        for field, values in self._fields:
            own = values_of(article, field)
            if len(own) > 1:
                # Values that differ in case or accents alone are one; the first writing stays.
                distinct = {fold(value): value for value in reversed(own)}
                own = tuple(reversed(distinct.values()))
            values.add(own)
        self._days.append(day(article.date))
        self._ids.append(article.id)
        self._hashes.append(hash_id(article.id))
        self._titles.append(sort_title(article.title))

    def copy(self, columns: Columns, numbers: Array) -> None:
        """Take the articles *numbers* of *columns*."""
        for field, values in self._fields:
            values.copy(columns.facet(field), numbers)
        self._days += columns.days[numbers].tolist()
        self._ids += columns.ids(numbers.tolist())
        self._hashes.frombytes(columns.hashes()[numbers].tobytes())
        titles = columns.titles()
        self._titles += [titles[number] for number in numbers.tolist()]

    def layout(self) -> dict[str, tuple[int, npt.DTypeLike]]:
        """Return name → (length, type) of the sections that ``fill`` fills."""
        articles = len(self)
        self._title_bytes = zstandard.compress(json.dumps(self._titles).encode())
        self._id_bytes = [item.encode("utf-8", "surrogatepass") for item in self._ids]
        self._tables = [json.dumps(list(values.numbers)).encode() for _, values in self._fields]
        sections: dict[str, tuple[int, npt.DTypeLike]] = {
            "days": (articles, np.int32),
            "ids": (sum(map(len, self._id_bytes)), np.uint8),
            "id_starts": (articles + 1, np.uint32),
            "id_hashes": (articles, np.uint64),
            "id_numbers": (articles, np.uint16),
            "id_ranks": (articles, np.uint16),
            "title_ranks": (articles, np.uint16),
            "titles": (len(self._title_bytes), np.uint8),
        }
        for (field, values), table in zip(self._fields, self._tables, strict=True):
            sections[f"{field}_ends"] = (articles + 1, np.uint32)
            sections[f"{field}_entries"] = (len(values.entries), np.uint32)
            sections[f"{field}_values"] = (len(table), np.uint8)
        return sections

    def fill(self, draft: Draft) -> None:
        """Write everything into *draft*; ``layout`` was called before."""
        draft["days"][:] = self._days
        draft["ids"][:] = np.frombuffer(b"".join(self._id_bytes), np.uint8)
        draft["id_starts"][1:] = np.cumsum([len(item) for item in self._id_bytes])
        hashes = np.array(self._hashes, np.uint64)
        order = np.argsort(hashes)
        draft["id_hashes"][:] = hashes[order]
        draft["id_numbers"][:] = order
        draft["id_ranks"][:] = _ranks(self._ids)
        draft["title_ranks"][:] = _ranks(self._titles)
        draft["titles"][:] = np.frombuffer(self._title_bytes, np.uint8)
        for (field, values), table in zip(self._fields, self._tables, strict=True):
            draft[f"{field}_ends"][1:] = values.ends
            draft[f"{field}_entries"][:] = values.entries
            draft[f"{field}_values"][:] = np.frombuffer(table, np.uint8)


def _ranks(keys: Sequence[str]) -> Array:
    """Return each key's place among the sorted ones, empty ones last; equal keys share one."""
    distinct = set(keys)
    ordered = sorted(filter(None, distinct)) + [""] * ("" in distinct)
    places = {key: place for place, key in enumerate(ordered)}
    return np.fromiter(map(places.__getitem__, keys), np.uint16, len(keys))


class Columns:
    """The columns of one file, by article number."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._facets: dict[Field, Facet] = {}

    @cached_property
    def days(self) -> Array:
        """The day of each article, as a number."""
        return self._sections.array("days").whole()

    def facet(self, field: Field) -> Facet:
        """Return the values of *field*."""
        if field not in self._facets:
            self._facets[field] = Facet(self._sections, field)
        return self._facets[field]

    def numbers_of(self, article_id: str, hashed: int | None = None) -> list[int]:
        """Return the numbers of the articles with this id: of several one lives at most.

        *hashed* is the id's hash, for who has it.
        """
        hashes, numbers = self._id_rows
        wanted = hash_id(article_id) if hashed is None else hashed
        row, found = bisect_left(hashes, wanted), list[int]()
        while row < len(hashes) and hashes[row] == wanted:
            if self.id_of(numbers[row]) == article_id:
                found.append(numbers[row])
            row += 1
        return found

    @cached_property
    def _id_rows(self) -> tuple[memoryview, memoryview]:
        # A memory view gives plain numbers, and single ones quicker than an array does.
        hashes, numbers = (self._sections.array(f"id_{name}") for name in ("hashes", "numbers"))
        return hashes.whole().data, numbers.whole().data

    def numbers_hashed(self, hashes: Array) -> Array:
        """Return the numbers of articles whose id has one of these distinct hashes."""
        own, numbers = map(np.asarray, self._id_rows)
        first, beyond = own.searchsorted(hashes), own.searchsorted(hashes, "right")
        counts = beyond - first
        if not counts.any():  # of most segments, when a few articles are written
            return np.zeros(0, np.intp)
        found: Array = numbers[places_of(first, counts)]
        return found

    def id_of(self, number: int) -> str:
        """Return the id of an article."""
        starts, ids = self._ids
        return str(ids[starts[number] : starts[number + 1]], "utf-8", "surrogatepass")

    def ids(self, numbers: Iterable[int]) -> list[str]:
        """Return the ids of articles."""
        return [self.id_of(number) for number in numbers]

    @cached_property
    def _ids(self) -> tuple[Array, memoryview]:
        starts = self._sections.array("id_starts").whole()
        return starts, self._sections.array("ids").whole().data

    def titles(self) -> list[str]:
        """Return the folded title of every article."""
        packed = self._sections.array("titles").whole().tobytes()
        titles: list[str] = json.loads(zstandard.decompress(packed))
        return titles

    def hashes(self) -> Array:
        """Return the hash of each article's id, by number."""
        ordered, numbers = map(np.asarray, self._id_rows)
        hashes = np.empty(len(ordered), np.uint64)
        hashes[numbers] = ordered
        return hashes

    @cached_property
    def id_ranks(self) -> Array:
        """The place of each article among the segment's ids."""
        return self._sections.array("id_ranks").whole()

    @cached_property
    def title_ranks(self) -> Array:
        """The place of each article among the segment's titles."""
        return self._sections.array("title_ranks").whole()

    @cached_property
    def ages(self) -> Array:
        """The days, negated: what is newer sorts first."""
        return -self.days
