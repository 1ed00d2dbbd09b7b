"""What stock Whoosh needs to read a segment of ours: its own queries over our arrays.

``whoosh.index.open_dir`` opens the index, and a stock searcher finds in the fields ``id``,
``stems``, ``forms``, ``source``, ``author``, ``section`` and ``tag``. We never search this way
ourselves: it is the door that stays open, and an oracle of the tests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, PerDocumentReader, TermsReader
from whoosh.filedb.filestore import Storage
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo

from indexer.engines.contract import Field, Scope
from indexer.engines.whoosh.frequencies import frequencies
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile
from indexer.engines.whoosh.storage import Folder

_WORDS = ("forms", "stems")
_Term = tuple[str, bytes]


class ColumnarCodec(Codec):
    """Opens our segments for Whoosh; only our own writer makes them."""

    def terms_reader(self, storage: Storage, segment: ColumnarSegment) -> Terms:
        """Return the reader of terms and postings."""
        return Terms(_file(storage, segment))

    def per_document_reader(self, storage: Storage, segment: ColumnarSegment) -> Articles:
        """Return the reader of lengths, deletions and stored articles."""
        return Articles(_file(storage, segment), segment)


def _file(storage: Storage, segment: ColumnarSegment) -> SegmentFile:
    return SegmentFile(Folder(storage.folder).open(segment.file_name))


class Terms(TermsReader):
    """Every field's terms in Whoosh's order, and their postings."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    @cached_property
    def _all(self) -> list[_Term]:
        terms, columns = self._file.terms, self._file.columns
        keys = [key.partition(b"\0") for key in terms.all_keys()]
        found = {("forms", form) for _, _, form in keys if form}
        found |= {("stems", stem) for stem, _, _ in keys if stem}
        found |= {("id", _bytes(columns.id_of(n))) for n in range(self._file.articles)}
        for field in Field:
            found |= {(field.value, _bytes(value)) for value in columns.facet(field).folded}
        return sorted(found)

    def __contains__(self, term: _Term) -> bool:
        place = bisect_left(self._all, term)
        return place < len(self._all) and self._all[place] == term

    def indexed_field_names(self) -> list[str]:
        """Return the fields that hold terms."""
        return sorted({name for name, _ in self._all})

    def terms(self) -> Iterator[_Term]:
        """Yield all terms, sorted."""
        return iter(self._all)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[_Term]:
        """Yield the terms from *prefix* on."""
        return iter(self._all[bisect_left(self._all, (fieldname, prefix)) :])

    def items(self) -> Iterator[tuple[_Term, TermInfo]]:
        """Yield all terms with what is known of them."""
        return ((term, self.term_info(*term)) for term in self._all)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[_Term, TermInfo]]:
        """Yield terms from *prefix* on, with what is known of them."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return statistics of a term; raises KeyError where there is none."""
        if (fieldname, text) not in self:
            raise KeyError((fieldname, text))
        numbers, weights, _ = self._postings(fieldname, text)
        lengths = self._file.title_words[numbers] + self._file.text_words[numbers]
        return TermInfo(
            weight=float(weights.sum()),
            df=len(numbers),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(numbers[0]),
            maxid=int(numbers[-1]),
        )

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: Any = None
    ) -> ListMatcher:
        """Return the postings of a term as Whoosh walks over them."""
        numbers, weights, places = self._postings(fieldname, text)
        values = None if places is None else [format_.encode(own) for own in places]
        return ListMatcher(
            numbers.tolist(), weights.tolist(), values, format_, scorer, term=(fieldname, text)
        )

    def _postings(self, name: str, text: bytes) -> tuple[Array, Array, list[list[int]] | None]:
        file = self._file
        if name in _WORDS:
            return self._words(text.decode("utf-8", "surrogatepass"), stems=name == "stems")
        if name == "id":
            numbers = np.array(file.columns.numbers_of(text.decode("utf-8", "surrogatepass")))
        else:
            facet = file.columns.facet(Field(name))
            chosen = [i for i, folded in enumerate(facet.folded) if _bytes(folded) == text]
            numbers = np.flatnonzero(facet.having(chosen, file.articles))
        return numbers, np.ones(len(numbers)), None

    def _words(self, text: str, *, stems: bool) -> tuple[Array, Array, list[list[int]] | None]:
        file, terms = self._file, self._file.terms
        if stems:
            stem = terms.of_stem(text)
            start, stop = terms.posting_starts[[stem.first, stem.beyond]].tolist()
            codes = file.codes[start:stop]
            own = codes < 128
            weights = frequencies(file, start, codes, Scope.ARTICLE)
            numbers = file.numbers[start:stop][own]
            order = np.argsort(numbers)
            return numbers[order], weights[own][order], None
        places: dict[int, list[int]] = {}
        weights_of: dict[int, float] = {}
        for term in terms.of_form(text):
            start, stop = terms.posting_starts[term : term + 2].tolist()
            codes = file.codes[start:stop]
            found = frequencies(file, start, codes, Scope.ARTICLE)
            every, counts = file.positions_of(np.arange(start, stop))
            positions = np.split(every, np.cumsum(counts)[:-1])
            rows = zip(file.numbers[start:stop].tolist(), found.tolist(), positions, strict=True)
            for number, weight, at in rows:
                places[number] = sorted(places.get(number, []) + at.tolist())
                weights_of[number] = weights_of.get(number, 0.0) + weight
        numbers = np.array(sorted(places))
        return (
            numbers,
            np.array([weights_of[number] for number in numbers.tolist()]),
            [places[number] for number in numbers.tolist()],
        )


class Articles(PerDocumentReader):
    """Lengths, deletions and stored articles."""

    def __init__(self, file: SegmentFile, segment: ColumnarSegment) -> None:
        self._file = file
        self._segment = segment

    def doc_count(self) -> int:
        """Return the number of living articles."""
        return self._segment.doc_count()

    def doc_count_all(self) -> int:
        """Return the number of articles."""
        return self._segment.articles

    def has_deletions(self) -> bool:
        """Tell whether any article is deleted."""
        return self._segment.has_deletions()

    def is_deleted(self, number: int) -> bool:
        """Tell whether the article *number* is deleted."""
        return self._segment.is_deleted(number)

    def deleted_docs(self) -> list[int]:
        """Return the numbers of deleted articles."""
        return self._segment.deleted_docs()

    def doc_field_length(self, number: int, fieldname: str, default: int = 0) -> int:
        """Return the words of an article, its title's too; 1 in fields of whole values."""
        if fieldname not in _WORDS:
            return 1
        return int(self._file.title_words[number]) + int(self._file.text_words[number])

    def _lengths(self, fieldname: str) -> Array:
        if fieldname not in _WORDS:
            return np.ones(self._file.articles, np.int64)
        return self._file.title_words.astype(np.int64) + self._file.text_words

    def field_length(self, fieldname: str) -> int:
        """Return the words of all articles."""
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the words of the shortest article."""
        return int(self._lengths(fieldname).min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the words of the longest article."""
        return int(self._lengths(fieldname).max())

    def stored_fields(self, number: int) -> dict[str, object]:
        """Return the article, under the name ``article``."""
        return {"article": self._file.article(number).article}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
