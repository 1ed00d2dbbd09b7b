"""The few stretches of some texts where a term may stand, found without analysing the rest.

All texts of a page are looked through at once, as an array with a byte for each character.

    word    letters that begin as a term does, or with a hump: WhatsApp
    chunk   where words are joined (U.S.A., 1.000) or letters foreign, whole: only the chain can say

What else stands in a chunk, an article before its apostrophe or a comma, changes no word. Whether
a candidate is a match is for the chain to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from indexer.italian.chunks import prepare
from service.snippets import letters
from service.snippets.letters import APOSTROPHE, BREAK, CAPITAL, DIGIT, FOREIGN, JOINT, LETTER

Places = npt.NDArray[np.intp]

_COMPARED = 8  # letters of a beginning: an integer of 64 bits
_EDGE = "\n" * _COMPARED
_NO_LETTERS = bytes(range(DIGIT))
_VOWELS = b"aeiou"
_GODS = b"li\0dei"  # folded, a break between: «gli dei»


def spelled(word: str) -> bytes:
    """Return the letters of a folded *word*, or of the beginning of one, as they are looked for.

    None are left of a word with foreign letters: only whole chunks can hold it.
    """
    spelling = word if word.isalnum() else "".join(filter(str.isalnum, word))
    return spelling.encode() if spelling.isascii() else b""


class Readable:
    """Texts, one behind the other, to look for candidates in."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts = np.cumsum([len(_EDGE), *(len(text) + 1 for text in texts)])
        self._whole = _joined(texts)
        self._kinds = letters.kinds(self._whole)
        self._folded = letters.folded(self._kinds)
        if unlike := self._unlike_prepared():
            self._prepare(list(texts), unlike)
        letter = self._kinds >= DIGIT
        edges = (letter[1:] != letter[:-1]).nonzero()[0] + 1
        self._begins, self._ends = np.ascontiguousarray(edges.reshape(-1, 2).T)

    def _unlike_prepared(self) -> set[int]:
        """Return the texts of which ``prepare`` may change more than the shape of apostrophes.

        Those where a quotation may open or close, or where «gli dei» may stand.
        """
        folded = self._folded.tobytes()
        signs = (self._folded == APOSTROPHE).nonzero()[0]
        loose = (self._folded[signs - 1] < DIGIT) | (self._folded[signs + 1] < DIGIT)
        places = [each for each in signs[loose].tolist() if _may_quote(folded[each - 4 : each + 2])]
        place = folded.find(_GODS)
        while place >= 0:
            places.append(place)
            place = folded.find(_GODS, place + 1)
        return set(self._texts_at(places).tolist()) if places else set()

    def _prepare(self, texts: list[str], numbers: set[int]) -> None:
        for number in numbers:
            prepared = texts[number] = prepare(texts[number])
            start = self._starts[number]
            self._kinds[start : start + len(prepared)] = letters.kinds(prepared)
        self._whole = _joined(texts)
        self._folded = letters.folded(self._kinds)

    def candidates(self, beginnings: Collection[bytes]) -> Iterable[tuple[int, int, str]]:
        """Return what may be a word with one of *beginnings*, in reading order.

        Of each: the number of its text, where in that text it starts, and what stands there.
        """
        starts, ends = self._found(beginnings)
        texts = self._texts_at(starts)
        offsets = starts - self._starts[texts]
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return zip(
            texts.tolist(),
            offsets.tolist(),
            [self._whole[start:end] for start, end in spans],
            strict=True,
        )

    def around(self, beginnings: Collection[bytes], words: int) -> Iterator[tuple[int, int, str]]:
        """Yield stretches, apart, with so many *words* on either side of each candidate."""
        starts, _ = self._found(beginnings)
        if not len(starts):
            return
        breaks = (self._kinds == BREAK).nonzero()[0]
        chunks = _distinct(breaks.searchsorted(starts) - 1)
        # Of a chunk with letters at least one word is left, whatever the chain makes of it.
        wordy = _distinct(breaks.searchsorted(self._begins) - 1) if len(self._begins) else chunks
        nearest = wordy.searchsorted(chunks)
        first = np.minimum(wordy.take(nearest - words, mode="clip"), chunks)
        last = np.maximum(wordy.take(nearest + words, mode="clip"), chunks)
        texts = self._texts_at(breaks[chunks] + 1)
        starts = np.maximum(breaks[first] + 1, self._starts[texts])
        ends = np.minimum(breaks[last + 1], self._starts[texts + 1] - 1)
        apart = np.ones(len(starts), bool)
        apart[1:] = starts[1:] > ends[:-1]
        ends = ends[np.append(apart[1:], True)]
        texts, starts = texts[apart], starts[apart]
        for text, start, end in zip(texts.tolist(), starts.tolist(), ends.tolist(), strict=True):
            yield text, start - int(self._starts[text]), self._whole[start:end]

    def _texts_at(self, places: npt.ArrayLike) -> Places:
        """Return the numbers of the texts in which *places* lie."""
        numbers: Places = self._starts.searchsorted(places, "right") - 1
        return numbers

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
        humps = ((self._kinds[1:] >= CAPITAL) & (self._kinds[:-1] >= DIGIT)).nonzero()[0] + 1
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
        sign, last = self._kinds[ends], self._kinds[ends - 1]
        single = ends - starts == 1
        one = (sign == APOSTROPHE) | ((sign == JOINT) & (single | (last < LETTER)))
        two = single & (sign == JOINT) & (self._kinds[ends + 1] == JOINT)
        signs: Places = one.astype(np.intp) + two
        return signs

    def _chunks(self, beginnings: Collection[bytes]) -> list[tuple[int, int]]:
        """Return where chunks start and end that may hold a word so begun, put together or not."""
        kinds, folded = self._kinds.tobytes(), self._folded.tobytes()
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
        foreign = (self._kinds == FOREIGN).nonzero()[0]
        ends, begins = self._ends[:-1], self._begins[1:]
        sign = self._kinds.take(ends)
        joint = ((begins == ends + 1) & (sign == JOINT)).nonzero()[0]
        numeric = ((begins == ends + 1) & (sign == APOSTROPHE)).nonzero()[0]
        digits = self._kinds[ends[numeric] - 1] < LETTER
        digits &= self._kinds[begins[numeric]] < LETTER
        return np.sort(np.concatenate((foreign, ends[joint], ends[numeric[digits]])))


def _distinct(ascending: Places) -> Places:
    another = np.ones(len(ascending), bool)
    another[1:] = ascending[1:] != ascending[:-1]
    return ascending[another]


def _joined(texts: Iterable[str]) -> str:
    return "\n".join((_EDGE[1:], *texts, _EDGE))


def _may_quote(around: bytes) -> bool:
    """Tell whether an apostrophe may quote, of *around*: four letters, it, and one behind it."""
    before, behind = around[3], around[5]
    if behind == APOSTROPHE:
        return True
    if before < DIGIT:  # opens in front of a letter
        return behind == FOREIGN or behind >= LETTER
    return before in _VOWELS and min(around[:3]) >= LETTER  # closes a longer word
