"""The few stretches of some texts where a term may stand, found without analysing the rest.

All texts of a page are looked through at once, as an array with a byte for each character.

    word    letters that begin as a term does, or with a hump: WhatsApp
    chunk   where words are joined (U.S.A., 1.000) or letters foreign, whole: only the chain can say

What else stands in a chunk, an article before its apostrophe or a comma, changes no word. Whether
a candidate is a match is for the chain to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from service.snippets import letters
from service.snippets.joined import Joined
from service.snippets.letters import (
    APOSTROPHE,
    BREAK,
    CAPITAL,
    DIGIT,
    FOREIGN,
    JOINT,
    LETTER,
    Kinds,
    Numbers,
    Places,
)

_COMPARED = 8  # letters of a beginning: an integer of 64 bits
_NO_LETTERS = bytes(range(DIGIT))
_VOWELS = b"aeiou"
_GODS = b"gli\0dei"  # folded, a break between: «gli dei»


class Candidates(NamedTuple):
    """Stretches in reading order: of each its text, where it starts there, and what it says.

    The latter is one of ``written``, by its number, since most is written more than once.
    """

    texts: Numbers
    offsets: Numbers
    numbers: Numbers
    written: list[str]


def spelled(word: str) -> bytes:
    """Return the letters of a folded *word*, or of the beginning of one, as they are looked for.

    None are left of a word with foreign letters: only whole chunks can hold it.
    """
    spelling = word if word.isalnum() else "".join(filter(str.isalnum, word))
    return spelling.encode() if spelling.isascii() else b""


class Readable:
    """Texts to look for candidates in; the kernels do the same (native/reading.py)."""

    def __init__(self, texts: Joined) -> None:
        self.texts = texts
        self.kinds = letters.kinds(texts.codes)
        if unlike := _unlike_prepared(texts, letters.folded(self.kinds)):
            self.texts = texts.prepared(unlike)
            self.kinds = letters.kinds(self.texts.codes)
        self._folded = letters.folded(self.kinds)
        self._begins, self._ends = letters.words(self.kinds)

    def candidates(self, beginnings: Collection[bytes]) -> Candidates:
        """Return what may be a word with one of *beginnings*."""
        starts, ends = self._found(beginnings)
        numbers = self.texts.numbers_at(starts)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        written: dict[str, int] = {}
        each = [
            written.setdefault(self.texts.whole[start:end], len(written)) for start, end in spans
        ]
        offsets = starts - self.texts.starts[numbers]
        return Candidates(numbers, offsets, np.array(each, np.intp), [*written])

    def _found(self, beginnings: Collection[bytes]) -> tuple[Places, Places]:
        """Return where candidates start and end: words, and chunks in place of their words."""
        words = self._words(beginnings)
        starts, ends = self._begins[words], self._ends[words]
        ends = ends + self._signs_behind(starts, ends)
        chunks = self._chunks(beginnings)
        if not chunks:
            return starts, ends
        chunk_starts, chunk_ends = np.array(chunks).T
        following = chunk_ends.searchsorted(starts, "right").clip(max=len(chunks) - 1)
        outside = (starts < chunk_starts[following]) | (starts >= chunk_ends[following])
        starts = np.concatenate((starts[outside], chunk_starts))
        ends = np.concatenate((ends[outside], chunk_ends))
        order = starts.argsort()
        return starts[order], ends[order]

    def _words(self, beginnings: Iterable[bytes]) -> Places:
        """Return the numbers of the words, letters in a row, that begin so, or have such a hump."""
        humps = ((self.kinds[1:] >= CAPITAL) & (self.kinds[:-1] >= DIGIT)).nonzero()[0] + 1
        places = np.concatenate((self._begins, humps)) if len(humps) else self._begins
        first, second = self._folded.take(places), self._folded.take(places + 1)
        pairs = first | second.astype(np.uint16) << 8
        alike = np.zeros(len(places), bool)
        for beginning in beginnings:
            pair = int.from_bytes(beginning[:2], "little")
            alike |= pairs == pair if len(beginning) > 1 else first == pair
        some = alike.nonzero()[0]
        # Eight letters from every place on, as one number.
        every = np.ndarray(len(self._folded) - 7, "<u8", self._folded, 0, (1,))
        letters_at = every[places[some]]
        begun = np.zeros(len(some), bool)
        for beginning in beginnings:
            compared = beginning[:_COMPARED]
            mask = (1 << 8 * len(compared)) - 1
            begun |= letters_at & mask == int.from_bytes(compared, "little")
        numbers = some[begun]
        whole = numbers < len(self._begins)
        if whole.all():
            return numbers
        owners = self._begins.searchsorted(places[numbers[~whole]]) - 1
        return np.union1d(numbers[whole], owners)

    def _signs_behind(self, starts: Places, ends: Places) -> Places:
        """Return how many signs behind words belong to them: citta', 10%, C++."""
        sign, last = self.kinds[ends], self.kinds[ends - 1]
        single = ends - starts == 1
        one = (sign == APOSTROPHE) | ((sign == JOINT) & (single | (last < LETTER)))
        two = single & (sign == JOINT) & (self.kinds[ends + 1] == JOINT)
        two &= self.kinds[ends + 2] < DIGIT  # C++piano is C and piano
        signs: Places = one.astype(np.intp) + two
        return signs

    def _chunks(self, beginnings: Collection[bytes]) -> list[tuple[int, int]]:
        """Return where chunks start and end that may hold a word so begun, put together or not."""
        kinds, folded = self.kinds.tobytes(), self._folded.tobytes()
        found: list[tuple[int, int]] = []
        end = 0
        for place in self._joined_at().tolist():
            if place < end:
                continue
            start, end = kinds.rfind(BREAK, 0, place) + 1, kinds.find(BREAK, place)
            spelling = folded[start:end]
            if FOREIGN not in spelling:
                spelling = spelling.translate(None, _NO_LETTERS)
                if not any(map(spelling.__contains__, beginnings)):
                    continue
            found.append((start, end))
        return found

    def _joined_at(self) -> Places:
        """Return where letters are foreign, or words joined by one sign; numbers also by «'»."""
        foreign = (self.kinds == FOREIGN).nonzero()[0]
        ends, begins = self._ends[:-1], self._begins[1:]
        sign = self.kinds.take(ends)
        joint = ((begins == ends + 1) & (sign == JOINT)).nonzero()[0]
        numeric = ((begins == ends + 1) & (sign == APOSTROPHE)).nonzero()[0]
        digits = self.kinds[ends[numeric] - 1] < LETTER
        digits &= self.kinds[begins[numeric]] < LETTER
        return np.sort(np.concatenate((foreign, ends[joint], ends[numeric[digits]])))


def _unlike_prepared(texts: Joined, folds: Kinds) -> set[int]:
    """Return the texts of which ``prepare`` may change more than the shape of apostrophes.

    Those where a quotation may open or close, or where «gli dei» may stand.
    """
    folded = folds.tobytes()
    signs = (folds == APOSTROPHE).nonzero()[0]
    loose = (folds[signs - 1] < DIGIT) | (folds[signs + 1] < DIGIT)
    places = [each for each in signs[loose].tolist() if _may_quote(folded[each - 4 : each + 2])]
    place = folded.find(_GODS)
    while place >= 0:
        places.append(place)
        place = folded.find(_GODS, place + 1)
    return set(texts.numbers_at(places).tolist()) if places else set()


def _may_quote(around: bytes) -> bool:
    """Tell whether an apostrophe may quote, of *around*: four letters, it, and one behind it."""
    before, behind = around[3], around[5]
    if behind == APOSTROPHE:
        return True
    if before < DIGIT:  # opens in front of a letter
        return behind == FOREIGN or behind >= LETTER
    return before in _VOWELS and min(around[:3]) >= LETTER  # closes a longer word
