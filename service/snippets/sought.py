"""What a query wants, as the terms to look for in one part of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from indexer.engines.contract import Fuzzy, Phrase, Prefix, Scope, Textual, Word
from indexer.engines.expansion import within
from indexer.italian import analyse_chunk, fold, only_form, stem
from indexer.italian.beginnings import beginnings
from indexer.italian.folding import APOSTROPHES
from service.snippets.candidates import spelled

folded = lru_cache(maxsize=1 << 13)(fold)
"""``fold``, remembered: an article repeats its words."""

_CURLED = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_NAMES = (Scope.AUTHOR, Scope.SOURCE)


def straight(text: str) -> str:
    """Return *text* with the apostrophes that the chain knows."""
    return text if text.isascii() and "`" not in text else text.translate(_CURLED)


@lru_cache(maxsize=1 << 14)
def _words(chunk: str) -> tuple[tuple[str, str | None, int, int], ...]:
    """Return the words of a chunk or of a part of one: folded form, stem, and where each stands."""
    return tuple(
        (folded(form), stem, start, end)
        for form, stem, start, end, _, _ in analyse_chunk(straight(chunk))
    )


Found = tuple[int, int, int, bool]
"""A term in a stretch: where it starts and ends, its number, whether it is written as typed."""


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

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    @property
    def words(self) -> bool:
        """Whether single words are sought."""
        return bool(self.forms or self.prefixes or self.fuzzy)

    def term(self, form: str, stem: str | None) -> tuple[int, bool] | None:
        """Return the term that a token of this form and stem is, and whether in its very form."""
        return self.known_term(folded(form), stem)

    def terms_in(self, chunk: str) -> tuple[Found, ...]:
        """Return what stands in *chunk*, or in a part of one: in order, each term once."""
        form = only_form(chunk)
        if form is not None:
            # What is written as it was typed needs no stem.
            own = form if form.isascii() else folded(form)
            known = self.forms.get(own)
            if known is not None:
                return ((0, len(chunk), known, True),)
            term = self.known_term(own, stem(form))
            return ((0, len(chunk), *term),) if term else ()
        found = [
            (start, end, *term)
            for form, its_stem, start, end in _words(chunk)
            if (term := self.known_term(form, its_stem))
        ]
        return tuple(sorted(set(found)) if len(found) > 1 else found)

    def known_term(self, form: str, stem: str | None) -> tuple[int, bool] | None:
        """Return the same of a folded form."""
        term = self.forms.get(form)
        if term is not None:
            return term, True
        term = self.stems.get(stem)
        if term is not None:
            return term, False
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
        map(spelled, forms),
        chain.from_iterable(_spelled_beginnings(stem) for stem in stems if stem),
        (spelled(beginning) for beginning, _ in prefixes),
        (spelled(form[:1]) for form, _, _ in fuzzy),
    )
    anchors = (max(map(spelled, folds), key=len) for folds, _ in phrases)
    return Sought(
        stems,
        forms,
        tuple(prefixes),
        tuple(fuzzy),
        tuple(phrases),
        _shortest(first_letters),
        _shortest(anchors),
    )


@lru_cache(maxsize=1 << 12)
def _spelled_beginnings(stem: str) -> tuple[bytes, ...]:
    return tuple(map(spelled, beginnings(stem)))


def _shortest(beginnings: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return *beginnings* without those that another one begins, and without empty ones."""
    kept: list[bytes] = []
    for beginning in sorted(filter(None, beginnings)):
        if not kept or not beginning.startswith(kept[-1]):
            kept.append(beginning)
    return tuple(kept)


def _asked_in(asked: Scope, part: Scope) -> bool:
    return asked is part or (asked is Scope.ARTICLE and part in (Scope.TITLE, Scope.TEXT))
