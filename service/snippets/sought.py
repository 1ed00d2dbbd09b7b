"""What a query wants, as the terms to look for in one part of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexer.engines.contract import Fuzzy, Phrase, Prefix, Scope, Textual, Word
from indexer.italian import fold

folded = lru_cache(maxsize=1 << 15)(fold)
"""``fold``, remembered: an article repeats its words."""

_NAMES = (Scope.AUTHOR, Scope.SOURCE)


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms, by number: two words that share a stem are one term, found in its two forms.

    ``forms``, prefixes and the words of phrases are folded.
    """

    stems: Mapping[str, int]
    forms: Mapping[str, int]
    prefixes: tuple[tuple[str, int], ...]
    fuzzy: tuple[tuple[str, int, int], ...]
    phrases: tuple[tuple[tuple[str, ...], int], ...]

    def __bool__(self) -> bool:
        return any((self.forms, self.prefixes, self.fuzzy, self.phrases))


@lru_cache(maxsize=256)
def seek(marks: tuple[Textual, ...], scope: Scope) -> Sought:
    """Return what *marks* ask of the part *scope* of an article: TITLE, TEXT, AUTHOR or SOURCE."""
    stems: dict[str, int] = {}
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
    return Sought(stems, forms, tuple(prefixes), tuple(fuzzy), tuple(phrases))


def _asked_in(asked: Scope, part: Scope) -> bool:
    return asked is part or (asked is Scope.ARTICLE and part in (Scope.TITLE, Scope.TEXT))
