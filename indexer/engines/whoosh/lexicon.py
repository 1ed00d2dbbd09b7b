"""The indexer's memory of words: each distinct written chunk is numbered, and analysed once.

    b"Ivano-Frankivsk"  →  [ivano , ivanofrankivsk , frankivsk]  →  term numbers 17, 4711, 12

A term's key is its stem, a zero byte and its folded form; a stop word has no stem. Sorted by key,
the forms of a stem stand together: one stretch of postings answers for all of them. In front of
them stands the stem's own term, with an empty form: the articles that hold several of its forms,
with the frequencies of all together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from indexer.engines.whoosh.chunking import ChunkNumbers, Text
from indexer.engines.whoosh.growing import Growing
from indexer.engines.whoosh.sections import Array
from indexer.italian import ChunkToken, analyse_new_chunk, fold, only_form, stems_of

CAPITAL = 1
ACCENTED = 2
FLAGS = CAPITAL | ACCENTED
_FLAG_BITS = 2
_NO_STEM = -1
_UNKNOWN = -2
_MOST_NEW = 4_000  # chunks that wait to be analysed: of ordinary text more than a batch has
_MOST_CHUNKS = 600_000
_MOST_KEPT = 600_000  # terms, and chunks: some 150 MB that stay while nothing is written


def form_key(stem: str | None, form: str) -> bytes:
    """Return the key of the term that *form*, already folded, is indexed under."""
    return f"{stem or ''}\0{form}".encode("utf-8", "surrogatepass")


def stem_key(stem: str) -> bytes:
    """Return the key of a stem's own term."""
    return form_key(stem, "")


def _value(term: int, capital: bool, accented: bool) -> int:
    return term << _FLAG_BITS | (CAPITAL if capital else 0) | (ACCENTED if accented else 0)


class Lexicon:
    """From a chunk's number to its term and flags, or to a row of several (a negative number).

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
        self._numbers: dict[bytes, int] = {}  # of the terms of forms
        self._stem_numbers: dict[str, int] = {}  # of stems' own terms
        self._forget_chunks()

    def _forget_chunks(self) -> None:
        self._chunks = ChunkNumbers()
        self._new: list[bytes] = []
        self._values = Growing()  # of each chunk, by its number
        self._row_lengths = Growing()
        self._row_starts = Growing()
        self._row_values = Growing()
        self._row_steps = Growing()

    def number(self, text: Text) -> Array:
        """Return the number of each chunk of *text*."""
        numbers, firsts = self._chunks.number(text.hashes)
        self._new += text.chunks(firsts)
        if len(self._new) > _MOST_NEW:
            self._learn()
        return numbers

    def _learn(self) -> None:
        """Analyse the new chunks, many at once: it takes half as long as one by one."""
        self._values.extend(
            self._analysed([str(chunk, "utf-8", "surrogatepass") for chunk in self._new])
        )
        self._new.clear()

    def _analysed(self, chunks: Sequence[str]) -> list[int]:
        """Return the values of *chunks*, which are all new."""
        forms = [*map(only_form, chunks)]
        both = list(zip(chunks, forms, strict=True))
        # What is done with the others would say the same of words, in three times the time.
        words = iter(self._words([(chunk, form) for chunk, form in both if form is not None]))
        others = self._others([chunk for chunk, form in both if form is None])
        return [next(others if form is None else words) for form in forms]

    def _words(self, words: Sequence[tuple[str, str]]) -> list[int]:
        """Return the values of *words*, each with its only form."""
        forms = [form for _, form in words]
        own = [form if form.isascii() else fold(form) for form in forms]
        terms = self._terms(stems_of(forms), own)
        return [
            _value(term, word[0].isupper(), folded != form)
            for (word, form), folded, term in zip(words, own, terms, strict=True)
        ]

    def _others(self, chunks: Iterable[str]) -> Iterator[int]:
        found = [_counted_once(analyse_new_chunk(chunk)) for chunk in chunks]
        values = iter(self._tokens([token for tokens in found for token in tokens]))
        for tokens in found:
            own = list(islice(values, len(tokens)))
            if len(own) == 1:
                yield own[0]
                continue
            self._row_lengths.append(len(own))
            self._row_starts.append(len(self._row_values))
            self._row_values.extend(own)
            self._row_steps.extend(token.step for token in tokens)
            yield -len(self._row_lengths)

    def _tokens(self, tokens: Sequence[ChunkToken]) -> list[int]:
        forms = [fold(token.form) for token in tokens]
        terms = self._terms([token.stem for token in tokens], forms)
        return [
            _value(term, token.capital, form != token.form)
            for token, form, term in zip(tokens, forms, terms, strict=True)
        ]

    def _terms(self, own_stems: Sequence[str | None], forms: Sequence[str]) -> list[int]:
        """Return the number of the term of each of *forms*, folded, whose stems these are."""
        vocabulary, numbers, stem_numbers = self.vocabulary, self._numbers, self._stem_numbers
        terms, new = [], []
        for own_stem, form in zip(own_stems, forms, strict=True):
            key = form_key(own_stem, form)
            number = numbers.get(key)
            if number is None:
                own = _NO_STEM
                if own_stem is not None:
                    own = stem_numbers.get(own_stem, _UNKNOWN)
                    if own == _UNKNOWN:
                        own = stem_numbers[own_stem] = len(vocabulary)
                        vocabulary.append(stem_key(own_stem))
                        new.append(_NO_STEM)
                number = numbers[key] = len(vocabulary)
                vocabulary.append(key)
                new.append(own)
            terms.append(number)
        self._stems.extend(new)
        return terms

    def values(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return what each chunk stands for, by its number, and all rows.

        Of rows the lengths and the starts, and of their tokens the values and the steps: how many
        words further a token stands than the one before it.
        """
        self._learn()
        return (
            self._values.array(),
            self._row_lengths.array(),
            self._row_starts.array(),
            self._row_values.array(),
            self._row_steps.array(),
        )

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


def _counted_once(tokens: Sequence[ChunkToken]) -> Sequence[ChunkToken]:
    """Return *tokens* so that no stem and no form stands twice at one place of the text."""
    if len(tokens) == 1:
        return tokens
    once: list[ChunkToken] = []
    forms: set[str] = set()
    stems: set[str] = set()
    for token in tokens:
        if token.step:
            forms.clear()
            stems.clear()
        form = fold(token.form)
        if form not in forms:
            # A second reading with the same stem is found by its form alone.
            once.append(token._replace(stem=None) if token.stem in stems else token)
        forms.add(form)
        if token.stem is not None:
            stems.add(token.stem)
    return once
