"""The sorted dictionary of a segment's terms, searched on the map.

A key's first eight bytes stand as numbers in one array: a binary search over it is one call, and
only keys that share all eight are compared byte by byte.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import pairwise

import numpy as np

from indexer.engines.whoosh.alike import Letters
from indexer.engines.whoosh.merging import PREFIX_BYTES
from indexer.engines.whoosh.sections import Array, Sections


class Terms:
    """Key → number of the term, and where its postings stand."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._text = sections.array("terms")

    # Read, and so verified, when the first term is looked for: opening stays quick.

    @cached_property
    def _starts(self) -> Array:
        return self._sections.array("term_starts").whole()

    @cached_property
    def _prefixes(self) -> Array:
        return self._sections.array("term_prefixes").whole()

    @cached_property
    def _form_order(self) -> Array:
        return self._sections.array("form_order").whole()

    @cached_property
    def _form_prefixes(self) -> Array:
        return self._sections.array("form_prefixes").whole()

    @cached_property
    def posting_starts(self) -> Array:
        """Where the postings of each term begin; one more, where the last ends."""
        return self._sections.array("posting_starts").whole()

    @cached_property
    def position_starts(self) -> Array:
        """Where the positions of each term begin; one more, where the last ends."""
        return self._sections.array("position_starts").whole()

    def __len__(self) -> int:
        return len(self._prefixes)

    def key(self, term: int) -> bytes:
        """Return the key of a term."""
        start, stop = self._starts[term : term + 2].tolist()
        return self._text[start:stop].tobytes()

    def all_keys(self) -> list[bytes]:
        """Return all keys, sorted."""
        everything, starts = self._text.whole().tobytes(), self._starts.tolist()
        return [everything[a:b] for a, b in pairwise(starts)]

    def lower_bound(self, key: bytes) -> int:
        """Return the first term whose key is not below *key*."""
        low, high = _narrowed(self._prefixes, key)
        return bisect_left(range(high), key, low, high, key=self.key)

    def find(self, key: bytes) -> int | None:
        """Return the term with this very key."""
        term = self.lower_bound(key)
        return term if term < len(self) and self.key(term) == key else None

    def of_stem(self, stem: str) -> tuple[int, int]:
        """Return the range of terms of a stem: its own one, if there is, then its forms."""
        start = stem.encode("utf-8", "surrogatepass")
        return self.lower_bound(start + b"\0"), self.lower_bound(start + b"\1")

    def forms_of_stem(self, stem: str) -> tuple[int, int]:
        """Return the range of terms of a stem without its own one, which has no positions."""
        first, beyond = self.of_stem(stem)
        own = first < beyond and not self.form(first)
        return first + own, beyond

    def form(self, term: int) -> bytes:
        """Return the folded form of a term, empty for a stem's own."""
        return self.key(term).partition(b"\0")[2]

    def of_form(self, form: str) -> Array:
        """Return the terms with this folded form: one, or more where it has several stems."""
        start = form.encode("utf-8", "surrogatepass")
        return self._between_forms(start, start + b"\0")

    def of_prefix(self, prefix: str) -> Array:
        """Return the terms whose folded form begins with *prefix*."""
        start = prefix.encode("utf-8", "surrogatepass")
        # No UTF-8 text holds the byte FF.
        return self._between_forms(start or b"\0", start + b"\xff")

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
        text, starts = self._text.whole(), self._starts.astype(np.int64)
        zeros = np.flatnonzero(text == 0)
        begins = zeros[zeros.searchsorted(starts[:-1])] + 1
        return Letters(text, begins, starts[1:], self._form_order)

    def _between_forms(self, first: bytes, beyond: bytes) -> Array:
        low, high = self._form_range(first, beyond)
        return self._form_order[low:high]

    def _form_range(self, first: bytes, beyond: bytes) -> tuple[int, int]:
        low = self._first_form(first)
        return low, max(low, self._first_form(beyond))

    def _first_form(self, form: bytes) -> int:
        """Return the first place, in the order of forms, whose form is not below *form*."""
        low, high = _narrowed(self._form_prefixes, form)
        return bisect_left(range(high), form, low, high, key=self._form_at)

    def _form_at(self, place: int) -> bytes:
        return self.form(int(self._form_order[place]))


def _narrowed(prefixes: Array, key: bytes) -> tuple[int, int]:
    """Return the range in which keys share the prefix of *key*: what is before it is below."""
    prefix = np.uint64(int.from_bytes(key[:PREFIX_BYTES].ljust(PREFIX_BYTES, b"\0"), "big"))
    low = int(prefixes.searchsorted(prefix))
    if low == len(prefixes) or prefixes[low] != prefix:
        return low, low
    return low, int(prefixes.searchsorted(prefix, "right"))
