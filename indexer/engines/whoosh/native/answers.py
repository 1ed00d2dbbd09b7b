"""The kernel that answers a question over all segments: see answering.py."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from ctypes import addressof, byref, c_int64
from typing import NamedTuple

import numpy as np

from indexer.compiled import address
from indexer.engines.whoosh.cuts import Cuts
from indexer.engines.whoosh.native.calling import ALL_SCOPES, flat_words, flattened, run, typed
from indexer.engines.whoosh.native.segment import Mapped
from indexer.engines.whoosh.sections import Array

_QUESTION = struct.Struct("23q")


class Forms(NamedTuple):
    """Terms that are counted as one, of each segment, in the scope of this row."""

    terms: Sequence[Array]
    scope: int


class PhraseTerms(NamedTuple):
    """The terms of each word of a phrase, segment by segment, in the scope of this row."""

    words: Sequence[Sequence[Sequence[int]]]
    scope: int


class Near(NamedTuple):
    """What words that stand together earn: for the first articles, so many words apart.

    Of each of the *stems*, where its forms begin and end in one segment after the other.
    """

    stems: Sequence[array[int]]
    pairs: Sequence[Sequence[float]]
    window: int
    depth: int


class Question(NamedTuple):
    """The best *wanted* articles of those that live; or of those *within*, which live as well.

    Of *words* the cuts, one segment's behind the other's, and where those of each end; where there
    are *groups*, each up to its end among the words, an article needs a posting of each, else one
    of any, or one of the *forms*. If there is a *phrase*, it needs that.
    """

    words: Sequence[tuple[Cuts, array[int]]]
    groups: Sequence[int]
    forms: Forms | None
    phrase: PhraseTerms | None
    within: Sequence[Array | None] | None
    near: Near
    wanted: int


class Found(NamedTuple):
    """The best articles, best first."""

    total: int
    segments: Sequence[int]
    numbers: Sequence[int]
    scores: Sequence[float]


def answer(
    mapped: Mapped, question: Question, articles: int, agreements: Array, scores: Array
) -> Found:
    """Return what *question* finds among *articles*; *scores* is room for the largest segment's."""
    near, wanted = question.near, question.wanted
    words = array("q", [its.buffer_info()[0] for word in question.words for its in word])
    stems = array("q", [stem.buffer_info()[0] for stem in near.stems])
    groups, pairs = array("q", question.groups), flattened(near.pairs)
    forms, forms_held = _forms(question.forms)
    phrases, phrases_held = _phrases(question.phrase)
    within = mapped.lives
    if question.within is not None:
        within = array("q", [address(own) or 0 for own in question.within])
    asked = _QUESTION.pack(
        *(*mapped.segments.buffer_info(), words.buffer_info()[0], len(question.words)),
        *(*groups.buffer_info(), *forms, *phrases),
        *(mapped.lives.buffer_info()[0], within.buffer_info()[0]),
        *(*stems.buffer_info(), pairs.buffer_info()[0], len(near.pairs)),
        *(near.window, near.depth, wanted, articles, address(agreements), addressof(ALL_SCOPES)),
    )
    room = bytes(4 * sum(min(wanted, own) for own in mapped.articles))
    segments, numbers, goodness = array("i", room), array("i", room), array("f", room)
    total, found = c_int64(), c_int64()
    run(
        typed(mapped.library).answer,
        *(asked, address(scores), len(scores), byref(total), byref(found)),
        *(segments.buffer_info()[0], numbers.buffer_info()[0], goodness.buffer_info()[0]),
    )
    del forms_held, phrases_held  # not before now: the kernel has read them by their addresses
    size = found.value
    return Found(total.value, segments[:size], numbers[:size], goodness[:size])


def _forms(forms: Forms | None) -> tuple[tuple[int, int], object]:
    """Return what a question holds of *forms*, and what must stay as long as it does."""
    if forms is None:
        return (0, 0), None
    terms = [np.ascontiguousarray(own, np.uint32) for own in forms.terms]
    places = array("q", [number for own in terms for number in (address(own) or 0, len(own))])
    return (places.buffer_info()[0], forms.scope), (terms, places)


def _phrases(phrase: PhraseTerms | None) -> tuple[tuple[int, int, int], object]:
    """Return what a question holds of a *phrase*, and what must stay as long as it does."""
    if phrase is None:
        return (0, 0, 0), None
    held = [flat_words(words) for words in phrase.words]
    places = array("q", [its.buffer_info()[0] for own in held for its in own])
    size = len(phrase.words[0]) if phrase.words else 0
    return (places.buffer_info()[0], size, phrase.scope), (held, places)
