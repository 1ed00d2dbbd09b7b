"""What the chain yields: the words of a text, each at its place."""

from __future__ import annotations

from typing import NamedTuple


class ChunkToken(NamedTuple):
    """A token of a chunk: its offsets count from the chunk's start, *step* from the word before."""

    form: str
    stem: str | None
    start: int
    end: int
    step: int  # 1: the next word; 0: another reading of the same word
    capital: bool


class Token(NamedTuple):
    """One word of a text.

    ``form`` is the word in lower case with the accents it should have; forms are compared by
    ``fold``. ``stem`` is what its inflections share, None for a stop word.
    ``text[start:end]`` is what the reader sees; an elided article is a token of its own.
    ``position`` counts words. Tokens that share one are readings of the same word, the first
    being the word as written: «ivano», «ivanofrankivsk» and, one further, «frankivsk».
    ``capital`` tells that its first letter is written as a capital.
    """

    form: str
    stem: str | None
    start: int
    end: int
    position: int
    capital: bool
