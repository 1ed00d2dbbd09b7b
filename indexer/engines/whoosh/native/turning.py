"""The kernels that turn words around: into postings, and where forms of a stem meet."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int64, c_uint8, c_uint64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.sections import Array

MEETING = np.dtype([(name, np.int32) for name in ("stem", "article", "title", "text")])
"""An article that holds several forms of a stem: how often in its title and in its text."""


class Chunks(NamedTuple):
    """The chunks of texts, of which each article has two: its title and its text.

    Of each chunk its number, and of each text how many there are; beside them what a lexicon knows:
    of each number a value, and the rows of those that are several tokens.
    """

    numbers: Array
    counts: Array
    values: Array
    row_lengths: Array
    row_starts: Array
    row_values: Array
    row_steps: Array


class Turned(NamedTuple):
    """Texts turned around.

    Of each text its ``words``. The postings of each of ``terms``, which ascend, stand from one of
    ``begins`` to the next, the positions of each posting from one of ``bounds`` to the next. Of a
    posting its article, how often it stands in the title and in the text, and its code, which does
    not tell yet of other forms; ``big`` are those whose counts no code can tell.
    """

    words: Array
    terms: Array
    begins: Array
    bounds: Array
    articles: Array
    titles: Array
    texts: Array
    codes: Array
    big: Array
    positions: Array


class _Chunks(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in Chunks._fields]


class _Turned(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in Turned._fields] + [
        (name, c_int64) for name in ("term_count", "posting_count", "big_count")
    ]


_FORMS = ("begins", "articles", "titles", "texts", "codes")


class _Forms(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in _FORMS]


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    kernels.turn.argtypes = [
        *(POINTER(_Chunks), c_int64, c_uint64, c_int64, c_int64),
        POINTER(_Turned),
    ]
    kernels.meet.argtypes = [c_void_p, c_void_p, c_int64, POINTER(_Forms), c_uint8, c_void_p]
    kernels.count_tokens.argtypes = [POINTER(_Chunks), c_int64]
    for kernel in (kernels.count_tokens, kernels.turn, kernels.meet):
        kernel.restype = c_int64
    return kernels


def turn(kernels: ctypes.CDLL, chunks: Chunks, first_article: int, vocabulary: int) -> Turned:
    """Turn the articles around, the first of which has this number, that *chunks* are of.

    The *vocabulary* has so many terms.
    """
    asked = byref(_Chunks(*map(address, chunks)))
    tokens = _typed(kernels).count_tokens(asked, len(chunks.numbers))
    most = min(tokens, vocabulary)
    made = Turned(
        words=np.empty(len(chunks.counts), np.uint32),
        terms=np.empty(most, np.int32),
        begins=np.empty(most + 1, np.int64),
        bounds=np.empty(tokens + 1, np.int64),
        articles=np.empty(tokens, np.uint16),
        titles=np.empty(tokens, np.int32),
        texts=np.empty(tokens, np.int32),
        codes=np.empty(tokens, np.uint8),
        big=np.empty(tokens, np.int64),
        positions=np.empty(tokens, np.uint32),
    )
    turned = _Turned(*map(address, made))
    found = _typed(kernels).turn(
        *(asked, len(chunks.counts), first_article, vocabulary, tokens, byref(turned))
    )
    if found < 0:
        raise MemoryError
    terms, postings = turned.term_count, turned.posting_count
    return made._replace(
        terms=made.terms[:terms],
        begins=made.begins[: terms + 1],
        bounds=made.bounds[: postings + 1],
        articles=made.articles[:postings],
        titles=made.titles[:postings],
        texts=made.texts[:postings],
        codes=made.codes[:postings],
        big=made.big[: turned.big_count],
    )


def meet(kernels: ctypes.CDLL, rows: Array, stems: Array, turned: Turned, shared: int) -> Array:
    """Return where forms of one stem meet in an article, and mark the codes of these as *shared*.

    *rows* are those terms of *turned* that share a stem, in the order of *stems*.
    """
    begins = turned.begins
    most = int((begins[rows + 1] - begins[rows]).sum()) // 2
    meetings = np.empty(most, MEETING)
    own_rows, own_stems = rows.astype(np.int32), stems.astype(np.int32)
    forms = _Forms(*map(address, (getattr(turned, name) for name in _FORMS)))
    made = _typed(kernels).meet(
        *(address(own_rows), address(own_stems), len(rows), byref(forms), shared),
        address(meetings),
    )
    if made < 0:
        raise MemoryError
    return meetings[:made]
