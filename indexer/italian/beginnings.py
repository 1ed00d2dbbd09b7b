"""How the words of one stem may begin: whoever searches a text for them need not analyse it all.

pian → pian    competent → compete (competenza)    ben → ben, be (be')
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from indexer.italian import listed, verbs
from indexer.italian.folding import fold
from indexer.italian.lists import rows
from indexer.italian.stems import stem as stem_of
from indexer.italian.stems import verb_stem

_SURE = 3  # letters that a stem shares with its words, unless a list says otherwise
_REPLACED = 1  # letters that Snowball replaces at most: competenza → competent
_REPLACED_IN_AGENTS = 2  # and the endings: direttrice → direttor


def beginnings(stem: str) -> tuple[str, ...]:
    """Return beginnings, letters only and folded, one of which every word of *stem* has."""
    return (_shared(stem), *_listed().get(stem, ()))


def _shared(stem: str) -> str:
    folded = fold(stem)
    root = _root(folded if folded.isalnum() else "".join(filter(str.isalnum, folded)))
    replaced = _REPLACED_IN_AGENTS if root.endswith("or") else _REPLACED
    return root[: max(_SURE, len(root) - replaced)]


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for form, stem in _forms():
        word = fold(form)
        if not word.startswith(_shared(stem)):
            found.setdefault(stem, {})[_beginning(word)] = None
    return {stem: tuple(others) for stem, others in found.items()}


def _beginning(word: str) -> str:
    return _root(word)[: _SURE + 1]


def _root(word: str) -> str:
    """Return what *word* shares with what grows from it: pio, piissimo."""
    return word[:-1] if len(word) >= _SURE and word[-1] in "aeiou" else word


def _forms() -> Iterator[tuple[str, str]]:
    """Yield the words whose stem a list tells, each with its stem."""
    yield from listed.stems().items()
    for altered, word in listed.plain_words().items():
        yield altered, stem_of(word) or word
    for form, infinitive in verbs.forms():
        yield form, verb_stem(infinitive)
    for shortened, whole in rows("shortened.tsv"):
        yield shortened, stem_of(whole) or whole
