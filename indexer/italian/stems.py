"""What the inflections of a word have in common: its stem, or nothing for a stop word."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

from indexer.italian.folding import fold
from indexer.italian.lists import words

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
    return fold(_stemmers.italian.stemWord(form)) or form
