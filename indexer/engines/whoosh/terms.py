"""The sorted dictionary of a segment's terms, searched on the map.

Stems and forms are found by their hashes. For what forms begin with, a form's first four bytes
stand as numbers in one array: a binary search over it is one call, and only forms that share all
four are compared byte by byte.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh.alike import Letters
from indexer.engines.whoosh.directory import PREFIX_BYTES, SEVERAL, Rows, form_of
from indexer.engines.whoosh.keys import Keys
from indexer.engines.whoosh.sections import Array, Sections


class OfStem(NamedTuple):
    """The terms of a stem from *first* to *beyond*, its forms from *forms* on.

    A stem's own term has no positions. Deleted articles are among its *holders*.
    """

    first: int
    forms: int
    beyond: int
    holders: int


NOWHERE = OfStem(0, 0, 0, 0)

Find = Callable[[bytes, bytes], tuple[int, int]]
"""From two forms to the stretch, in the order of forms, of those from the one up to the other."""


class Terms:
    """Key → number of the term, and where its postings stand."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._text = sections.array("terms")

    def _whole(self, name: str) -> Array:
        return self._sections.array(name).whole()

    # Read, and so verified, when the first term is looked for: opening stays quick.

    @cached_property
    def _starts(self) -> Array:
        return self._whole("term_starts")

    @cached_property
    def _key_starts(self) -> memoryview:
        # A memory view gives plain numbers, and single ones quicker than an array does.
        return self._starts.data

    @cached_property
    def _stem_rows(self) -> Rows:
        return Rows(self._whole("stem_hashes"), self._whole("stem_firsts"))

    @cached_property
    def _stem_beyonds(self) -> memoryview:
        return self._whole("stem_beyonds").data

    @cached_property
    def _stem_rests(self) -> memoryview:
        return self._whole("stem_rests").data

    @cached_property
    def _form_rows(self) -> Rows:
        return Rows(self._whole("form_hashes"), self._whole("form_firsts"))

    @cached_property
    def _form_order(self) -> Array:
        return self._whole("form_order")

    def in_order(self, first: int, beyond: int) -> list[int]:
        """Return the terms from *first* to *beyond* in the order of their forms."""
        terms: list[int] = self._form_order.data[first:beyond].tolist()
        return terms

    @cached_property
    def _form_prefixes(self) -> Array:
        return self._whole("form_prefixes")

    @cached_property
    def posting_starts(self) -> Array:
        """Where the postings of each term begin; one more, where the last ends."""
        return self._whole("posting_starts")

    def span(self, first: int, beyond: int) -> tuple[int, int]:
        """Return where the postings of the terms from *first* to *beyond* stand."""
        starts = self.posting_starts.data
        return starts[first], starts[beyond]

    @cached_property
    def position_starts(self) -> Array:
        """Where the positions of each term begin; one more, where the last ends."""
        return self._whole("position_starts")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def key(self, term: int) -> bytes:
        """Return the key of a term."""
        starts = self._key_starts
        return self._text.bytes(starts[term], starts[term + 1])

    def keys(self) -> Keys:
        """Return all keys, sorted, as they stand in the file."""
        return Keys(self._text.whole(), self._starts.astype(np.int64))

    def all_keys(self) -> list[bytes]:
        """Return all keys, sorted."""
        everything, starts = self._text.whole().tobytes(), self._starts.tolist()
        return [everything[a:b] for a, b in pairwise(starts)]

    def of_stem(self, stem: str) -> OfStem:
        """Return the terms of a stem: its own one, if there is, then its forms."""
        key = stem.encode("utf-8", "surrogatepass")
        for row, first in self._stem_rows.matching(key):
            found, _, form = self.key(first).partition(b"\0")
            if found == key:
                beyond, rest = self._stem_beyonds[row], self._stem_rests[row]
                return OfStem(first, first + (not form), beyond, rest + 1)
        return NOWHERE

    def form(self, term: int) -> bytes:
        """Return the folded form of a term, empty for a stem's own."""
        return form_of(self.key(term))

    def of_form(self, form: str) -> list[int]:
        """Return the terms with this folded form: one, or more where it has several stems."""
        key = form.encode("utf-8", "surrogatepass")
        for _, written in self._form_rows.matching(key):
            first = written & ~SEVERAL
            if self._form_at(first) == key:
                beyond = first + 1
                while written & SEVERAL and beyond < len(self) and self._form_at(beyond) == key:
                    beyond += 1
                return self.in_order(first, beyond)
        return []

    def of_prefix(self, prefix: str, find: Find | None = None) -> Array:
        """Return the terms whose folded form begins with *prefix*; *find* does it more quickly."""
        start = prefix.encode("utf-8", "surrogatepass")
        # No UTF-8 text holds the byte FF.
        low, high = (find or self._form_range)(start or b"\0", start + b"\xff")
        found: Array = self._form_order[low:high]
        return found

    def near(self, form: str, edits: int, prefix: str = "") -> Array:
        """Return the terms whose folded form begins with *prefix*, *edits* edits from *form*.

        A few that are further away are among them.
        """
        start = prefix.encode("utf-8", "surrogatepass")
        low, high = self._form_range(start or b"\0", start + b"\xff")
        near: Array = self._form_order[self._letters.near(form, edits, low, high)]
        return near

    @cached_property
    def _letters(self) -> Letters:
        return Letters(self._text.whole(), self._starts, self._form_order)

    def _form_range(self, first: bytes, beyond: bytes) -> tuple[int, int]:
        low = self._first_form(first)
        return low, max(low, self._first_form(beyond))

    def _first_form(self, form: bytes) -> int:
        """Return the first place, in the order of forms, whose form is not below *form*."""
        low, high = _narrowed(self._form_prefixes, form)
        return bisect_left(range(high), form, low, high, key=self._form_at)

    def _form_at(self, place: int) -> bytes:
        return self.form(self._form_order.data[place])


def _narrowed(prefixes: Array, key: bytes) -> tuple[int, int]:
    """Return the range in which keys share the prefix of *key*: what is before it is below."""
    prefix = np.uint32(int.from_bytes(key[:PREFIX_BYTES].ljust(PREFIX_BYTES, b"\0"), "big"))
    low = int(prefixes.searchsorted(prefix))
    if low == len(prefixes) or prefixes[low] != prefix:
        return low, low
    return low, int(prefixes.searchsorted(prefix, "right"))
