"""The kernels of indexing: texts cut into chunks, chunks looked up, words turned around."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import POINTER, byref, c_char_p, c_int64, c_uint8, c_uint64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array


class Cut(NamedTuple):
    """Where chunks begin and end, their hashes, and how many of them each text has."""

    starts: Array
    ends: Array
    hashes: Array
    counts: Array


class Grouped(NamedTuple):
    """Tokens in the order of terms, and the postings that they make.

    Those of a term begin at ``begins``, the tokens of a posting at ``bounds``; each has one entry
    more. ``titles`` tells how many tokens are in the title, ``writings`` what at least half have.
    """

    begins: Array
    bounds: Array
    numbers: Array
    titles: Array
    writings: Array
    positions: Array


class _Forms(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in ("begins", "articles", "titles", "texts", "codes")]


MEETING = np.dtype([(name, np.int32) for name in ("stem", "article", "title", "text")])
"""An article that holds several forms of a stem: how often in its title and in its text."""


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    pointers = [c_void_p] * 4
    kernels.blank.argtypes = [c_char_p, c_void_p, c_int64, *pointers]
    kernels.blank.restype = None
    kernels.cut.argtypes = [c_void_p, c_int64, c_void_p, c_int64, c_uint64, *pointers]
    kernels.number.argtypes = [
        c_void_p,
        c_int64,
        c_void_p,
        c_void_p,
        c_int64,
        c_int64,
        *pointers[:2],
    ]
    kernels.group.argtypes = [*pointers, c_int64, c_int64, *pointers, c_void_p, c_void_p, c_void_p]
    kernels.meet.argtypes = [c_void_p, c_void_p, c_int64, POINTER(_Forms), c_uint8, c_void_p]
    for kernel in (kernels.meet, kernels.cut, kernels.number, kernels.group):
        kernel.restype = c_int64
    return kernels


def blank(
    kernels: ctypes.CDLL, texts: Sequence[bytes], kinds: Array
) -> tuple[memoryview, Array, Array]:
    """Return *texts* with their breaks blanked, one behind the other: see blanking.py.

    Beside them where each ends, a blank included, and which are left out, for the chain to read;
    *kinds* tells what each character is.
    """
    ends = np.cumsum([*map(len, texts)], dtype=np.int64)
    blanked = np.empty(int(ends[-1]) + len(texts), np.uint8)
    blanked_ends, unread = np.empty_like(ends), np.empty(len(texts), np.uint8)
    _typed(kernels).blank(
        *(b"".join(texts), address(ends), len(texts), address(kinds)),
        *(address(blanked), address(blanked_ends), address(unread)),
    )
    return blanked.data, blanked_ends, unread


def cut(kernels: ctypes.CDLL, text: bytes, padding: int, text_ends: Array, secret: int) -> Cut:
    """Cut *text*, which *padding* blanks end, into chunks: see chunking.py."""
    letters = np.frombuffer(text, np.uint8)
    size = len(text) - padding
    most = size // 2 + 1
    starts, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    hashes, counts = np.empty(most, np.uint64), np.empty(len(text_ends), np.int64)
    held = _typed(kernels).cut(
        *(address(letters), size, address(text_ends), len(text_ends), secret),
        *map(address, (starts, ends, hashes, counts)),
    )
    return Cut(starts[:held], ends[:held], hashes[:held], counts)


def number(
    kernels: ctypes.CDLL, hashes: Array, known: Array, numbers: Array, held: int
) -> tuple[Array, Array]:
    """Return the number of each of *hashes*, and the places where new ones stand first.

    These are put into the table of *known* ones and their *numbers*, with those from *held* on.
    """
    found, firsts = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
    bits = len(known).bit_length() - 1
    new = _typed(kernels).number(
        *(address(hashes), len(hashes), address(known), address(numbers), bits, held),
        *(address(found), address(firsts)),
    )
    return found, firsts[:new]


def group(
    kernels: ctypes.CDLL,
    terms: Array,
    distinct: int,
    articles: Array,
    positions: Array,
    flags: Array,
) -> Grouped:
    """Return the postings of tokens, whose *terms* are numbers below *distinct*."""
    count = len(terms)
    ordered = np.empty(count, np.uint32)
    room, bounds = np.empty(count, np.uint64), np.empty(count + 1, np.int64)
    numbers, titles = np.empty(count, np.uint16), np.empty(count, np.int32)
    begins, writings = np.zeros(distinct + 1, np.int64), np.empty(count, np.uint8)
    own_terms: Array = terms.astype(np.int32)
    own_positions: Array = positions.astype(np.uint32)
    made: list[Array] = [room, begins, bounds, numbers, titles, writings, ordered]
    postings = _typed(kernels).group(
        *map(address, (own_terms, articles, own_positions, flags)),
        *(count, distinct),
        *map(address, made),
    )
    return Grouped(
        begins,
        bounds[: postings + 1],
        numbers[:postings],
        titles[:postings],
        writings[:postings],
        ordered.astype(positions.dtype),
    )


def meet(
    kernels: ctypes.CDLL,
    rows: Array,
    stems: Array,
    grouped: Grouped,
    texts: Array,
    codes: Array,
    shared: int,
) -> Array:
    """Return where forms of one stem meet in an article, and mark the *codes* of these as *shared*.

    *rows* are those forms of *grouped* that share a stem, in the order of *stems*; *texts* tells
    how many tokens of each posting are in the text.
    """
    begins, own_texts = grouped.begins, texts.astype(np.int32)
    most = int((begins[rows + 1] - begins[rows]).sum()) // 2
    meetings = np.empty(most, MEETING)
    own_rows, own_stems = rows.astype(np.int32), stems.astype(np.int32)
    forms = _Forms(*map(address, (begins, grouped.numbers, grouped.titles, own_texts, codes)))
    made = _typed(kernels).meet(
        *(address(own_rows), address(own_stems), len(rows), byref(forms), shared),
        address(meetings),
    )
    if made < 0:
        raise MemoryError
    return meetings[:made]
