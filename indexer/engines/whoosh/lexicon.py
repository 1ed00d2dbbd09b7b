"""The indexer's memory of words: each distinct written chunk is analysed once.

    b"Ivano-Frankivsk"  →  [ivano , ivanofrankivsk , frankivsk]  →  term numbers 17, 4711, 12

A term's key is its stem, a zero byte and its folded form; a stop word has no stem. Sorted by key,
the forms of a stem stand together: one stretch of postings answers for all of them. In front of
them stands the stem's own term, with an empty form: the articles that hold several of its forms,
with the frequencies of all together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from indexer.engines.whoosh.chunking import HashTable, Text
from indexer.engines.whoosh.growing import Growing
from indexer.engines.whoosh.sections import Array
from indexer.italian import ChunkToken, analyse_new_chunk, fold, is_plain, stem

CAPITAL = 1
ACCENTED = 2
FLAGS = CAPITAL | ACCENTED
_FLAG_BITS = 2
_NO_STEM = -1
_MOST_CHUNKS = 600_000
_MOST_KEPT = 600_000  # terms, and chunks: some 150 MB that stay while nothing is written


def form_key(stem: str | None, form: str) -> bytes:
    """Return the key of the term that *form*, already folded, is indexed under."""
    return f"{stem or ''}\0{form}".encode("utf-8", "surrogatepass")


def stem_key(stem: str) -> bytes:
    """Return the key of a stem's own term."""
    return form_key(stem, "")


class Lexicon:
    """From a written chunk to its term and flags, or to a row of several (a negative number).

    One writer at a time may use it; what it learnt for one commit it knows at the next. Those of
    several *processes* that build together keep no more than one.
    """

    def __init__(self, processes: int = 1) -> None:
        self._most_kept = _MOST_KEPT // processes
        self.forget()

    def forget(self) -> None:
        """Know no word; the numbers of terms begin anew, in a vocabulary of their own."""
        self.vocabulary: list[bytes] = []
        """The key of each term, by its number."""
        self._stems = Growing()  # of each term, the number of its stem's own one
        self._numbers: dict[bytes, int] = {}
        self._forget_chunks()

    def _forget_chunks(self) -> None:
        self._chunks = HashTable()
        self._row_lengths = Growing()
        self._row_starts = Growing()
        self._row_values = Growing()
        self._row_steps = Growing()

    def look_up(self, text: Text) -> Array:
        """Return the value of each chunk of *text*."""
        values, missing = self._chunks.find(text.hashes)
        if len(missing):
            _, firsts = np.unique(text.hashes[missing], return_index=True)
            new = missing[firsts]
            found = np.array([self._analysed(text.chunk(row)) for row in new.tolist()], np.int32)
            self._chunks.put(text.hashes[new], found)
            values[missing], _ = self._chunks.find(text.hashes[missing])
        return values

    def _analysed(self, chunk: bytes) -> int:
        text = str(chunk, "utf-8", "surrogatepass")
        if is_plain(text):  # what follows would say the same, in twice the time
            form = text.lower()
            return self._term(stem(form), form) << _FLAG_BITS | (CAPITAL if form != text else 0)
        tokens = analyse_new_chunk(text)
        if len(tokens) == 1:
            return self._value(tokens[0])
        tokens = tuple(_counted_once(tokens))
        self._row_lengths.append(len(tokens))
        self._row_starts.append(len(self._row_values))
        self._row_values.extend(map(self._value, tokens))
        self._row_steps.extend(token.step for token in tokens)
        return -len(self._row_lengths)

    def _value(self, token: ChunkToken) -> int:
        folded = fold(token.form)
        return (
            self._term(token.stem, folded) << _FLAG_BITS
            | (CAPITAL if token.capital else 0)
            | (ACCENTED if folded != token.form else 0)
        )

    def _term(self, own_stem: str | None, folded: str) -> int:
        key = form_key(own_stem, folded)
        number = self._numbers.get(key)
        if number is None:
            own = _NO_STEM if own_stem is None else self._numbered(stem_key(own_stem), _NO_STEM)
            number = self._numbered(key, own)
        return number

    def expand(self, values: Array) -> tuple[Array, Array, Array]:
        """Return terms-with-flags, position steps, and how many tokens each value gave."""
        many = np.flatnonzero(values < 0)
        lengths = np.ones(len(values), np.int32)
        if not len(many):
            return values, lengths, lengths
        rows = -1 - values[many]
        row_lengths = self._row_lengths.array()[rows]
        lengths[many] = row_lengths
        tokens = np.repeat(values, lengths)
        steps = np.ones(len(tokens), np.int32)
        starts = self._row_starts.array()[rows]
        within = np.arange(row_lengths.sum()) + np.repeat(
            starts - (np.cumsum(row_lengths) - row_lengths), row_lengths
        )
        places = np.flatnonzero(tokens < 0)
        tokens[places] = self._row_values.array()[within]
        steps[places] = self._row_steps.array()[within]
        return tokens, steps, lengths

    def _numbered(self, key: bytes, stem: int) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.vocabulary)
            self.vocabulary.append(key)
            self._stems.append(stem)
        return number

    def stems_of(self, terms: Array) -> Array:
        """Return the number of each term's stem's own term, negative for a stop word."""
        stems: Array = self._stems.array()[terms]
        return stems

    def settle(self) -> None:
        """Forget everything where that is more than is kept from one segment to the next."""
        if max(len(self.vocabulary), len(self._chunks)) > self._most_kept:
            self.forget()

    def trim(self) -> None:
        """Forget chunks when there are too many; terms keep their numbers."""
        if len(self._chunks) > _MOST_CHUNKS:
            self._forget_chunks()


def _counted_once(tokens: Iterable[ChunkToken]) -> Iterator[ChunkToken]:
    """Yield *tokens* so that no stem and no form stands twice at one place of the text."""
    forms: set[str] = set()
    stems: set[str] = set()
    for token in tokens:
        if token.step:
            forms.clear()
            stems.clear()
        form = fold(token.form)
        if form not in forms:
            # A second reading with the same stem is found by its form alone.
            yield token._replace(stem=None) if token.stem in stems else token
        forms.add(form)
        if token.stem is not None:
            stems.add(token.stem)
