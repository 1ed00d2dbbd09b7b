"""What the inflections of a word have in common: its stem, or nothing for a stop word.

listed verbs  →  listed nouns  →  clitics, degrees and other endings  →  Snowball, accents folded
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache

import snowballstemmer

from indexer.italian import endings, listed, nouns, verbs
from indexer.italian.folding import fold
from indexer.italian.lists import words

_LONGEST_WORD = 64  # what is longer has no inflections
_STOP_WORDS = frozenset(words("stopwords.txt"))


class _Stemmers(threading.local):
    # A stemmer object remembers its current word, so threads must not share one.
    def __init__(self) -> None:
        self.italian = snowballstemmer.stemmer("italian")
        # PyStemmer keeps its 10,000 latest words, at four times the price of stemming one anew.
        self.italian.maxCacheSize = 0


_stemmers = _Stemmers()


class Reason(StrEnum):
    """Why a word has the stem it has."""

    STOP = "stop word"
    VERB = "form of a listed verb"
    LISTED = "listed form"
    DERIVED = "listed derivation"
    ENDING = "clitic, degree, gender or accent"
    NOUN = "noun that ends like a verb"
    SHORT = "plural too short for Snowball to see its h"
    LONG = "longer than any word"
    SNOWBALL = "Snowball"


def stem(form: str) -> str | None:
    """Return the stem of *form*, accents folded; None for a stop word."""
    return _remembered(form) if len(form) <= _LONGEST_WORD else explain(form)[0]


@lru_cache(maxsize=1 << 15)
def _remembered(form: str) -> str | None:
    return explain(form)[0]


def stems_of(forms: Sequence[str]) -> list[str | None]:
    """Return the stem of each of *forms*, for who asks about none of them twice."""
    in_lists = _listed()
    # Half of all words are nothing but Snowball's: calls that would find so are most of the time.
    known = [
        _before_snowball(form)
        if form[-2:] in endings.TAILS
        or form[-4:-1] in nouns.ENDS
        or form in in_lists
        or len(form) > _LONGEST_WORD
        else None
        for form in forms
    ]
    left = [form for form, found in zip(forms, known, strict=True) if found is None]
    roots = iter(_stemmers.italian.stemWords(left))
    return [
        found[0] if found else _behind_snowball(form, next(roots))[0]
        for form, found in zip(forms, known, strict=True)
    ]


def explain(form: str) -> tuple[str | None, Reason]:
    """Return the stem of *form*, and why it is that one."""
    known = _before_snowball(form)
    return known or _behind_snowball(form, _stemmers.italian.stemWord(form))


def _before_snowball(form: str) -> tuple[str | None, Reason] | None:
    if form in _listed() and (known := _from_lists(form)):
        return known
    if len(form) > _LONGEST_WORD:
        return fold(form), Reason.LONG
    if word := endings.plain(form):
        return stem(word), Reason.ENDING
    if root := nouns.noun(form):
        return root, Reason.NOUN
    return None


@cache
def _listed() -> frozenset[str]:
    """Return every form that a list knows: one look-up spares most words all others."""
    forms = (form for form, _ in verbs.forms())
    return frozenset().union(_STOP_WORDS, forms, listed.stems(), listed.plain_words())


def _from_lists(form: str) -> tuple[str | None, Reason] | None:
    if form in _STOP_WORDS:
        return None, Reason.STOP
    if verb := verbs.infinitive(form):
        return verb_stem(verb), Reason.VERB
    if known := listed.stems().get(form):
        return known, Reason.LISTED
    if word := listed.plain_words().get(form):
        return stem(word), Reason.DERIVED
    return None


def _behind_snowball(form: str, left: str) -> tuple[str, Reason]:
    """Return the stem of *form*, of which Snowball has *left* so much."""
    # Nearly always Snowball leaves letters without accents, and then nothing is folded.
    root = left if left.isascii() and left.isalnum() else fold(left) or form
    if root.endswith(("ch", "gh")) and form.endswith(("hi", "he")):
        return root[:-1], Reason.SHORT
    return root, Reason.SNOWBALL


@lru_cache(maxsize=1 << 12)
def verb_stem(verb: verbs.Infinitive) -> str:
    """Return the stem of all forms of a listed *verb*."""
    return verb.name if verb.own else fold(_stemmers.italian.stemWord(verb.name))
