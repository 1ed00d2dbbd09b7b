"""What a query wants, as the terms to look for in one part of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from indexer.engines.contract import Fuzzy, Phrase, Prefix, Scope, Textual, Word
from indexer.engines.expansion import within
from indexer.italian import analyse_chunk, fold
from indexer.italian.beginnings import beginnings
from service.snippets.candidates import spelled

folded = lru_cache(maxsize=1 << 15)(fold)
"""``fold``, remembered: an article repeats its words."""

_NAMES = (Scope.AUTHOR, Scope.SOURCE)


_MOST_KNOWN = 2_000  # chunks of one query


class InChunk(NamedTuple):
    """A term in a chunk, from *start* to *end*, and whether it is written there as it was typed."""

    start: int
    end: int
    term: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms, by number: two words that share a stem are one term, found in its two forms.

    ``forms``, prefixes and the words of phrases are folded. ``beginnings`` are those of every word
    that may be found, ``anchors`` words of which every phrase that may be found holds one.
    """

    stems: Mapping[str | None, int]
    forms: Mapping[str, int]
    prefixes: tuple[tuple[str, int], ...]
    fuzzy: tuple[tuple[str, int, int], ...]
    phrases: tuple[tuple[tuple[str, ...], int], ...]
    beginnings: tuple[bytes, ...]
    anchors: tuple[bytes, ...]
    _known: dict[str, tuple[InChunk, ...]] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return any((self.forms, self.prefixes, self.fuzzy, self.phrases))

    def in_chunk(self, chunk: str) -> tuple[InChunk, ...]:
        """Return the terms in a chunk; remembered, since articles found together share words."""
        found = self._known.get(chunk)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[chunk] = tuple(
                InChunk(start, end, *term)
                for form, stem, start, end, _, _ in analyse_chunk(chunk)
                if (term := self.term(form, stem))
            )
        return found

    def term(self, form: str, stem: str | None) -> tuple[int, bool] | None:
        """Return the term that a token of this form and stem is, and whether in its very form."""
        form = folded(form)
        if form in self.forms:
            return self.forms[form], True
        if stem in self.stems:
            return self.stems[stem], False
        for beginning, term in self.prefixes:
            if form.startswith(beginning):
                return term, False
        for wanted, edits, term in self.fuzzy:
            if form[:1] == wanted[:1] and within(wanted, form, edits):
                return term, False
        return None


@lru_cache(maxsize=256)
def seek(marks: tuple[Textual, ...], scope: Scope) -> Sought:
    """Return what *marks* ask of the part *scope* of an article: TITLE, TEXT, AUTHOR or SOURCE."""
    stems: dict[str | None, int] = {}
    forms: dict[str, int] = {}
    prefixes: list[tuple[str, int]] = []
    fuzzy: list[tuple[str, int, int]] = []
    phrases: list[tuple[tuple[str, ...], int]] = []
    for term, mark in enumerate(marks):
        if not _asked_in(mark.scope, scope):
            continue
        match mark:
            case Word(form, stem):
                if stem is not None and scope not in _NAMES:
                    term = stems.setdefault(stem, term)
                forms.setdefault(folded(form), term)
            case Phrase(words):
                phrases.append((tuple(folded(word.form) for word in words), term))
            case Prefix(form):
                prefixes.append((folded(form), term))
            case Fuzzy(form, edits):
                fuzzy.append((folded(form), edits, term))
    first_letters = chain(
        forms,
        chain.from_iterable(beginnings(stem) for stem in stems if stem),
        (beginning for beginning, _ in prefixes),
        (form[:1] for form, _, _ in fuzzy),
    )
    anchors = (max(map(spelled, folds), key=len) for folds, _ in phrases)
    return Sought(
        stems,
        forms,
        tuple(prefixes),
        tuple(fuzzy),
        tuple(phrases),
        _shortest(map(spelled, first_letters)),
        _shortest(anchors),
    )


def _shortest(beginnings: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return *beginnings* without those that another one begins, and without empty ones."""
    kept: list[bytes] = []
    for beginning in sorted(filter(None, beginnings)):
        if not kept or not beginning.startswith(kept[-1]):
            kept.append(beginning)
    return tuple(kept)


def _asked_in(asked: Scope, part: Scope) -> bool:
    return asked is part or (asked is Scope.ARTICLE and part in (Scope.TITLE, Scope.TEXT))
