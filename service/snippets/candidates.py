"""The few stretches of a text where a term may stand, found without analysing the rest of it.

The text is read as bytes, one a character: letters folded, and of the rest only whether it ends a
chunk, may stand inside one, or is a letter foreign to Western Europe. In these bytes the beginnings
of terms are looked for. Chunks with foreign letters are always candidates: what such letters fold
to is for the chain to say, as it is whether a candidate is a match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from indexer.italian import fold
from indexer.italian.chunks import ASCII_BREAKS, WIDE_BREAKS

_BREAK, _FOREIGN, _JOIN = b" ", b"?", b"."
_BLANK = ord(_BREAK)


def _byte(code: int) -> bytes:
    character = chr(code)
    if character == "?":  # what Latin-1 has no letter for; question marks themselves are gone then
        return _FOREIGN
    if character in ASCII_BREAKS or character in WIDE_BREAKS:
        return _BREAK
    if not character.isalnum():
        return _JOIN
    folded = fold(character)
    return folded.encode("latin-1") if len(folded) == 1 else _FOREIGN


_TABLE = b"".join(map(_byte, range(256)))
_CHUNK = re.compile(b"[^" + _BREAK + b"]+")
_LETTERS = frozenset(_TABLE) - frozenset(_BREAK + _FOREIGN + _JOIN)


def spelled(word: str) -> bytes:
    """Return the letters of a folded *word*, or of the beginning of one, as they are looked for.

    None are left of a word with foreign letters: only candidates by themselves can hold it.
    """
    letters = "".join(filter(str.isalnum, word)).encode("latin-1", "replace")
    return letters if _LETTERS.issuperset(letters) else b""


class Readable:
    """A prepared text as bytes, to look for candidates in."""

    def __init__(self, prepared: str) -> None:
        self._text = prepared
        for sign in (*WIDE_BREAKS, "?"):
            prepared = prepared.replace(sign, " ")
        self._bytes = prepared.encode("latin-1", "replace").translate(_TABLE)
        self._joined = self._bytes.translate(None, _JOIN)
        self.foreign: dict[int, int] = {}
        """The chunks with foreign letters, which may hold any word: where they start and end."""
        place = self._bytes.find(_FOREIGN)
        while place >= 0:
            place = self._bytes.find(_FOREIGN, self._add(self.foreign, place))

    def chunks(self, beginnings: Iterable[bytes]) -> dict[int, int]:
        """Return where chunks start and end that may hold a word with one of *beginnings*."""
        read, text = self._bytes, self._text
        found: dict[int, int] = {}
        for beginning in beginnings:
            times = free = 0
            place = read.find(beginning)
            while place >= 0:
                if place >= free:
                    times += 1
                    free = place + len(beginning)
                # A word begins behind something else than a letter, or with a hump: WhatsApp.
                if not place or read[place - 1] not in _LETTERS or text[place].isupper():
                    self._add(found, place)
                place = read.find(beginning, place + 1)
            if self._joined.count(beginning) > times:
                for match in _with_joints(beginning).finditer(read):
                    self._add(found, match.start())
        return found

    def _add(self, found: dict[int, int], place: int) -> int:
        start = self._bytes.rfind(_BREAK, 0, place) + 1
        if start not in found:
            end = self._bytes.find(_BREAK, place)
            found[start] = end if end >= 0 else len(self._bytes)
        return found[start]

    def around(self, chunks: Mapping[int, int], words: int) -> Iterator[tuple[int, int]]:
        """Yield stretches, apart, with so many *words* on either side of each of *chunks*."""
        first = reached = last = 0
        for place in sorted(chunks):
            # Nothing between two chunks is walked more than once in each direction.
            reached = self._behind(last, words, place) if last else 0
            if reached < place:
                start = self._before(place, words, reached)
                if start > reached:
                    if last:
                        yield first, reached
                    first = start
            last = chunks[place]
        if last:
            yield first, self._behind(last, words, len(self._bytes))

    def _before(self, place: int, words: int, floor: int) -> int:
        while words and place > floor:
            end = place
            while end > floor and self._bytes[end - 1] == _BLANK:
                end -= 1
            place = self._bytes.rfind(_BREAK, floor, end) + 1 or floor
            words -= not _LETTERS.isdisjoint(self._bytes[place:end])
        return place

    def _behind(self, place: int, words: int, ceiling: int) -> int:
        while words and (chunk := _CHUNK.search(self._bytes, place, ceiling)):
            place = chunk.end()
            words -= not _LETTERS.isdisjoint(chunk.group())
        return ceiling if words else place


@lru_cache(maxsize=256)
def _with_joints(beginning: bytes) -> re.Pattern[bytes]:
    joint = re.escape(_JOIN) + b"*"
    return re.compile(joint.join(re.escape(bytes([letter])) for letter in beginning))
