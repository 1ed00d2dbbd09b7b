"""Tokens turned around, from the order of reading to postings by term: by a kernel, or by numpy.

chunks  →  term, article, position of each token
        →  sorted by term       (reading order stays)
        →  postings             (where term or article changes)
        →  meetings             (where a stem and an article meet again)
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh import lexicon as words
from indexer.engines.whoosh import native
from indexer.engines.whoosh.keys import paired
from indexer.engines.whoosh.native import turning as kernel
from indexer.engines.whoosh.native.turning import MEETING, Chunks, Turned
from indexer.engines.whoosh.places import places_of
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED, encode
from indexer.engines.whoosh.sections import Array

# Per token, how often each holds is counted by one running sum: three counters in one number.
_TITLE, _CAPITAL, _ACCENTED = 1, 1 << 21, 1 << 42
_COUNTER = (1 << 21) - 1
_TALLIES = np.array(
    [
        (_TITLE if flags >> 2 else 0)
        + (_CAPITAL if flags & words.CAPITAL else 0)
        + (_ACCENTED if flags & words.ACCENTED else 0)
        for flags in range(8)
    ]
)


def turn(chunks: Chunks, first: int, vocabulary: int) -> Turned:
    """Turn the articles around, the *first* of which has this number, that *chunks* are of.

    A lexicon of so many terms tells what they stand for.
    """
    kernels = native.library()
    if kernels:
        return kernel.turn(kernels, chunks, first, vocabulary)
    return _turned(chunks, first)


def meet(stems: Array, turned: Turned) -> Array:
    """Return where forms of one of *stems* meet in an article; mark the codes of these.

    Of each term of *turned* it is told which is its stem's own one, negative where it has none.
    """
    kernels = native.library()
    if kernels:
        return kernel.meet(kernels, *_several(stems), turned, SHARED)
    return _meetings(stems, turned)


def _several(stems: Array) -> tuple[Array, Array]:
    """Return the rows of forms that share one of *stems*, in the order of these, and theirs."""
    rows = np.flatnonzero(stems >= 0)
    rows = rows[np.argsort(stems[rows], kind="stable")]
    ordered = stems[rows]
    several = paired(ordered[1:] == ordered[:-1], len(ordered))
    return rows[several], ordered[several]


def _turned(chunks: Chunks, first: int) -> Turned:
    tokens, steps, lengths = _expanded(chunks)
    token_ends = np.concatenate([[0], np.cumsum(lengths)])[np.cumsum(chunks.counts)]
    in_pieces = np.diff(token_ends, prepend=0)
    places = np.cumsum(steps, dtype=np.int64)
    place_ends = np.concatenate([[0], places])[token_ends]
    piece_words = np.diff(place_ends, prepend=0)
    # A title begins at 0, its text one further than it ends.
    begins = np.zeros(len(in_pieces), np.int64)
    begins[1::2] = piece_words[0::2] + 1
    positions = places + np.repeat(begins - (place_ends - piece_words) - 1, in_pieces)
    numbers = (np.arange(len(in_pieces)) // 2 + first).astype(np.uint16).repeat(in_pieces)
    in_title = ((np.arange(len(in_pieces)) + 1) % 2).astype(np.uint8).repeat(in_pieces)
    distinct, terms = _number_densely(tokens >> 2)
    flags = (tokens & words.FLAGS).astype(np.uint8) | in_title << 2
    # Stable and, in 16 bits, a radix sort: three times quicker than any other.
    order = np.argsort(terms, kind="stable")
    terms, numbers = terms[order], numbers[order]
    changes = np.ones(len(order), bool)
    changes[1:] = (terms[1:] != terms[:-1]) | (numbers[1:] != numbers[:-1])
    firsts = np.flatnonzero(changes)
    bounds = np.append(firsts, len(order))
    tallies = _TALLIES[flags[order]]
    sums = np.add.reduceat(tallies, firsts) if len(firsts) else tallies
    counts = np.diff(bounds)
    titles = sums & _COUNTER
    capitals = (sums >> 21) & _COUNTER
    accented = sums >> 42
    codes, big = encode(titles, counts - titles)
    codes |= (capitals * 2 >= counts) * np.uint8(CAPITAL)
    codes |= (accented * 2 >= counts) * np.uint8(ACCENTED)
    per_term = np.bincount(terms[firsts], minlength=len(distinct))
    return Turned(
        words=piece_words.astype(np.uint32),
        terms=distinct,
        begins=np.concatenate([[0], np.cumsum(per_term)]),
        bounds=bounds,
        articles=numbers[firsts],
        titles=titles,
        texts=counts - titles,
        codes=codes,
        big=big[0],
        positions=positions[order].astype(np.uint32),
    )


def _expanded(chunks: Chunks) -> tuple[Array, Array, Array]:
    """Return terms-with-flags, position steps, and how many tokens each chunk has."""
    values = chunks.values[chunks.numbers]
    many = np.flatnonzero(values < 0)
    lengths = np.ones(len(values), np.int32)
    if not len(many):
        return values, lengths, lengths
    rows = -1 - values[many]
    row_lengths = chunks.row_lengths[rows]
    lengths[many] = row_lengths
    tokens = np.repeat(values, lengths)
    steps = np.ones(len(tokens), np.int32)
    within = places_of(chunks.row_starts[rows], row_lengths)
    places = np.flatnonzero(tokens < 0)
    tokens[places] = chunks.row_values[within]
    steps[places] = chunks.row_steps[within]
    return tokens, steps, lengths


def _number_densely(terms: Array) -> tuple[Array, Array]:
    """Return the distinct terms, and for each term its place among them."""
    seen = np.zeros(int(terms.max(initial=0)) + 1, bool)
    seen[terms] = True
    distinct = np.flatnonzero(seen)
    places = np.zeros(len(seen), np.uint16 if len(distinct) <= 1 << 16 else np.int32)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[terms]


def _meetings(stems: Array, turned: Turned) -> Array:
    of_postings = np.repeat(stems, np.diff(turned.begins))
    candidates = np.flatnonzero(of_postings >= 0)
    meetings = of_postings[candidates].astype(np.int64) << 16 | turned.articles[candidates]
    order = np.argsort(meetings, kind="stable")
    meetings, candidates = meetings[order], candidates[order]
    shared = paired(meetings[1:] == meetings[:-1], len(meetings))
    chosen, meetings = candidates[shared], meetings[shared]
    turned.codes[chosen] |= SHARED
    firsts = np.flatnonzero(np.concatenate([[True], meetings[1:] != meetings[:-1]])[: len(chosen)])
    found = np.empty(len(firsts), MEETING)
    if len(firsts):
        found["stem"], found["article"] = meetings[firsts] >> 16, meetings[firsts] & 0xFFFF
        found["title"] = np.add.reduceat(turned.titles[chosen], firsts)
        found["text"] = np.add.reduceat(turned.texts[chosen], firsts)
    return found
