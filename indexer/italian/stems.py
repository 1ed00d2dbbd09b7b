"""What the inflections of a word have in common: its stem, or nothing for a stop word.

listed families, nouns that end like verbs  →  irregular verbs  →  endings Snowball does not
know (clitics, superlatives)  →  Snowball, accents folded
"""

from __future__ import annotations

import threading
from functools import cache, lru_cache

import snowballstemmer

from indexer.italian import endings, verbs
from indexer.italian.folding import fold
from indexer.italian.lists import lines, words

_STOP_WORDS = frozenset(words("stopwords.txt"))


class _Stemmers(threading.local):
    # A stemmer object remembers its current word, so threads must not share one.
    def __init__(self) -> None:
        self.italian = snowballstemmer.stemmer("italian")


_stemmers = _Stemmers()


@lru_cache(maxsize=1 << 15)
def stem(form: str) -> str | None:
    """Return the stem of *form*, accents folded; None for a stop word."""
    if form in _STOP_WORDS:
        return None
    known = listed().get(form)
    if known is not None:
        return known
    verb = verbs.infinitive(form)
    if verb is not None:
        return verb_stem(verb)
    root = endings.degree(form)
    if root is not None:
        return listed().get(f"{root}e") or stem(f"{root}o")
    plain = endings.plain(form)
    if plain is not None:
        return stem(plain)
    return endings.noun(form) or _snowball(form)


def verb_stem(verb: verbs.Infinitive) -> str:
    """Return the stem of all forms of a listed *verb*."""
    return verb.name if verb.own else _snowball(verb.name)


def _snowball(form: str) -> str:
    return fold(_stemmers.italian.stemWord(form)) or form


@cache
def listed() -> dict[str, str]:
    """Return the stems of the words in nominals.txt and families.txt, by form."""
    stems: dict[str, str] = {}
    for word in words("nominals.txt"):
        root = word[:-1]
        stems.update((root + ending, root) for ending in ("" if root[-1] == "i" else "i", *"oae"))
        if root[-1] in "cg":
            stems.update((root + ending, root) for ending in ("hi", "he"))
    for line in lines("families.txt"):
        head, *others = line.split()
        for form in (head, *others):
            stems.setdefault(form, fold(head))
    return stems
