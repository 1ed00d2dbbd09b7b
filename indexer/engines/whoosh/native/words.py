"""The kernel that looks words up among the terms of all segments: see located.py."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from struct import Struct
from typing import NamedTuple
from zlib import crc32

from indexer.engines.whoosh.cuts import NUMBERS, Cuts
from indexer.engines.whoosh.native.calling import run, typed
from indexer.engines.whoosh.native.segment import Mapped

_FOUND = 7
_MOST_CUTS = 3
_WORD = Struct("7qd")
_WEIGHING = Struct("2qd")


class Asked(NamedTuple):
    """A word: its stem, where it has one, and its form; how that is written; what it weighs."""

    stem: bytes | None
    form: bytes
    writing: int
    weight: float


class FoundWord(NamedTuple):
    """A word in all segments: how telling its stem is, and how many articles hold its form.

    Where a form has several terms in a segment, that is None, and there are no cuts.
    *forms* are where those of the stem begin and end, in one segment after the other; of *cuts*
    those of one stand behind those of the other, each segment's up to its end.
    Of each segment the *rows*: what OfStem has; then where the form's terms begin and end in the
    order of forms, and the first of them; zeros where there is none.
    """

    rarity: float
    holding: int | None
    forms: array[int]
    cuts: Cuts
    ends: array[int]
    rows: list[array[int]]


def find_words(
    mapped: Mapped, words: Sequence[Asked], articles: int, scope: int, exact: float
) -> Iterator[FoundWord]:
    """Yield what all segments have of each of *words*.

    *articles* are those of all segments; cuts are made for the scope of this row, where a form
    counts *exact* beside its stem.
    """
    letters = b"".join([key for word in words for key in word[:2] if key])
    asked, at = bytearray(), 0
    for stem, form, writing, weight in words:
        size, hashed = (-1, 0) if stem is None else (len(stem), crc32(stem))
        behind = at + max(size, 0)
        asked += _WORD.pack(at, size, hashed, behind, len(form), crc32(form), writing, weight)
        at = behind + len(form)
    count = len(mapped.segments)
    several = count * len(words)
    rows, forms = array("q", bytes(8 * _FOUND * several)), array("q", bytes(16 * several))
    told, ends = array("d", bytes(16 * len(words))), array("q", bytes(8 * several))
    cuts = array("d", bytes(8 * NUMBERS * _MOST_CUTS * several))
    run(
        typed(mapped.library).find_words,
        *(mapped.segments.buffer_info()[0], mapped.lives.buffer_info()[0], count),
        *(letters, bytes(asked), len(words), _WEIGHING.pack(articles, scope, exact)),
        *(each.buffer_info()[0] for each in (rows, forms, told, cuts, ends)),
    )
    room = NUMBERS * _MOST_CUTS * count
    for word in range(len(words)):
        first, beyond = word * count, (word + 1) * count
        own_ends, cut = ends[first:beyond], word * room
        rarity, holding = told[2 * word : 2 * word + 2]
        yield FoundWord(
            rarity,
            None if holding < 0 else int(holding),
            forms[2 * first : 2 * beyond],
            cuts[cut : cut + NUMBERS * (own_ends[-1] if count else 0)],
            own_ends,
            [rows[at : at + _FOUND] for at in range(_FOUND * first, _FOUND * beyond, _FOUND)],
        )
