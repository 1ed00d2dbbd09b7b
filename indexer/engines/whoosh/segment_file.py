"""The open file of a segment, up to 65,536 articles, shared by all generations that hold it."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

import numpy as np

from indexer.engines.contract import StoredArticle
from indexer.engines.whoosh.blocks import Store
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.files import OpenFile
from indexer.engines.whoosh.native.segment import MappedFile
from indexer.engines.whoosh.places import places_of
from indexer.engines.whoosh.postings import BIG, SKIP_BITS, TEXT, TIMES, Postings
from indexer.engines.whoosh.sections import Array, Sections
from indexer.engines.whoosh.stored import Kept, decode
from indexer.engines.whoosh.terms import Terms

_CROWDED = 16  # where one of so many postings is asked for, all are read
_NOTHING = np.zeros(0, np.intp)


class SegmentFile:
    """The open file of a segment."""

    def __init__(self, file: OpenFile) -> None:
        sections = Sections(file)
        self.file = file
        self.sections = sections
        self.articles: int = sections.facts["articles"]
        self.terms = Terms(sections)
        self.numbers = sections.array("numbers")
        self.codes = sections.array("codes")
        self.positions = sections.array("positions")
        self.columns = Columns(sections)
        self.heads = Store("head", sections)
        self._apart = "head_blocks" in sections  # until format 2 heads stood before their texts
        self.texts = Store("text", sections)
        self.raws = Store("raw", sections)

    @cached_property
    def title_words(self) -> Array:
        """How many words each title has."""
        return self.sections.array("title_words").whole()

    @cached_property
    def text_words(self) -> Array:
        """How many words each text has."""
        return self.sections.array("text_words").whole()

    @cached_property
    def lengths(self) -> Array:
        """How many words each article has, title and text together."""
        return np.asarray(self.title_words + self.text_words)

    @cached_property
    def words(self) -> int:
        """How many words all articles have together."""
        return int(self.lengths.sum(dtype=np.int64))

    @cached_property
    def big_places(self) -> Array:
        """The postings whose counts do not fit their codes."""
        return self.sections.array("big_places").whole()

    @cached_property
    def big_counts(self) -> tuple[Array, Array]:
        """Times in the title and in the text of the postings at ``big_places``."""
        return (
            self.sections.array("big_titles").whole(),
            self.sections.array("big_texts").whole(),
        )

    @cached_property
    def _big_places(self) -> memoryview:
        # A memory view gives plain numbers, and single ones quicker than an array does.
        return self.big_places.data

    def big_between(self, start: int, stop: int) -> tuple[Array, Array, Array]:
        """Return which postings from *start* to *stop* have big counts, and those."""
        places = self._big_places
        first = bisect_left(places, start)
        some = slice(first, bisect_left(places, stop, first))
        titles, texts = self.big_counts
        return self.big_places[some].astype(np.intp), titles[some], texts[some]

    def positions_of(self, places: Array) -> tuple[Array, Array]:
        """Return the positions of the postings at *places*, and how many each has.

        *places* ascend, and are postings of forms.
        """
        starts = self.terms.posting_starts
        term = starts.searchsorted(places.astype(starts.dtype), "right") - 1
        term_starts = starts[term].astype(np.intp)
        # From the last written mark, or the term's beginning, the counts up to the place are added.
        marks = places >> SKIP_BITS << SKIP_BITS
        offsets = np.where(
            marks > term_starts,
            self.position_skips[places >> SKIP_BITS],
            self.terms.position_starts[term],
        ).astype(np.intp)
        marks = np.maximum(marks, term_starts)
        counts = self._times(places)
        if len(places) and term[0] == term[-1] and len(places) * _CROWDED > places[-1] - marks[0]:
            every = self._times(np.arange(marks[0], places[-1]))
            offsets = offsets[0] + np.append(0, np.cumsum(every))[places - marks[0]]
        else:
            passed = places - marks
            between = places_of(marks, passed)
            owners = np.repeat(np.arange(len(places)), passed)
            offsets += np.bincount(owners, self._times(between), len(places)).astype(np.intp)
        own = places_of(offsets, counts)
        return self.positions.at(own) if len(own) else _NOTHING, counts

    def _times(self, places: Array) -> Array:
        """Return how often the terms of postings, of forms, stand in their articles."""
        if not len(places):
            return _NOTHING
        codes = self.codes.at(places)
        counts: Array = TIMES.take(codes)
        rows = (codes & TEXT == BIG).nonzero()[0]
        if len(rows):
            titles, texts = self.big_counts
            # Of the same type: else numpy turns the whole array into the other one first.
            wanted = places[rows].astype(self.big_places.dtype)
            big = self.big_places.searchsorted(wanted)
            counts[rows] = titles[big] + texts[big]
        return counts

    @cached_property
    def position_skips(self) -> Array:
        """Where the positions of every 64th posting begin."""
        return self.sections.array("position_skips").whole()

    @cached_property
    def mapped(self) -> MappedFile:
        """The file as kernels take it."""
        return MappedFile(self.sections, self.columns.ages)

    def article(self, number: int, *, raw: bool = False) -> StoredArticle:
        """Return an article as kept."""
        text = self.texts[number]
        kept = Kept(self.heads[number], text) if self._apart else Kept.together(text)
        return decode(kept, self.raw(number) if raw else None)

    def raw(self, number: int) -> str | None:
        """Return the text of an article before cleaning, where cleaning changed it."""
        owners = self.sections.array("raw_numbers").whole()
        place = int(np.searchsorted(owners, number))
        if place == len(owners) or owners[place] != number:
            return None
        return self.raws[place].decode("utf-8", "surrogatepass")

    def postings(self) -> Postings:
        """Return everything, to be merged."""
        terms = self.terms
        return Postings(
            vocabulary=terms.keys(),
            terms=np.arange(len(terms)),
            starts=terms.posting_starts.astype(np.int64),
            position_starts=terms.position_starts.astype(np.int64),
            numbers=self.numbers.whole(),
            codes=self.codes.whole(),
            positions=self.positions.whole(),
            big=np.stack([self.big_places, *self.big_counts]).astype(np.int64),
        )
