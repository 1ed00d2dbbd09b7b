"""How articles write a word that is known by its folded form: accents first, capitals then."""

from __future__ import annotations

from collections import Counter

from indexer.engines.contract import Engine, Query, Sort, Word
from indexer.italian import fold
from service.snippets import mark

WITNESSES = 5  # articles asked; one alone may be the one that leaves accents out


def as_written(engine: Engine, word: Word) -> str:
    """Return *word* as most places in some of its articles write it, small rather than capital."""
    form = fold(word.form)
    writings: Counter[str] = Counter()
    # The newest: by relevance those came first that write it like *word*, without its accents.
    for hit in engine.search(Query(word, Sort.NEWEST), limit=WITNESSES).hits:
        for text in (hit.article.own_title, hit.article.text):
            found = mark(text, (word,))
            places = (found.text[start:end] for start, end in found.marks)
            writings.update(place for place in places if fold(place) == form)
    spellings: Counter[str] = Counter()
    for writing, number in writings.items():
        spellings[writing.lower()] += number
    spelling = max(spellings, key=lambda each: (spellings[each], each), default=word.form)
    alike = (each for each in writings if each.lower() == spelling)
    return max(alike, key=lambda each: (writings[each], each.islower(), each), default=word.form)
