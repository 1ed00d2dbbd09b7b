"""The articles of a soak: all of an article follows from its id and its version.

So whoever reads one knows whether it is whole, and which write it came from.
"""

from __future__ import annotations

import random

_TEXT = """
    governo scuola mercato ospedale regione ministro sentenza bilancio ricerca stazione incendio
    accordo elezione montagna industria processo giornale concerto tribunale alleanza finestra
    raccolto vaccino frontiera sciopero autostrada festival terremoto biblioteca parlamento
"""
WORDS = _TEXT.split()
_SYLLABLES = [c + v for c in "bdfglmnprstv" for v in "aeiou"]


def article_id(owner: str, number: int) -> str:
    """Return the id of the article *number* of *owner*."""
    return f"{owner}-{number:05}"


def article(identifier: str, version: int) -> dict[str, object]:
    """Return the article, as JSON has it, that a write of *version* sends."""
    owner, _, number = identifier.partition("-")
    chosen = words(identifier, version)
    filler = random.Random(f"{identifier} {version} text").choices(WORDS, k=60)
    return {
        "id": identifier,
        "title": f"Prova {marker(identifier)} {version}",
        "text": f"{' '.join(chosen)}.\n\n{' '.join(filler)} fine.",
        "date": f"2025-{version % 12 + 1:02}-{int(number) % 28 + 1:02}",
        "source": owner,
        "tags": [f"v{version}", *chosen],
    }


def words(identifier: str, version: int) -> list[str]:
    """Return the words by which this version is tagged."""
    return random.Random(f"{identifier} {version}").sample(WORDS, 3)


def marker(identifier: str) -> str:
    """Return a word that stands in the titles of this article's versions alone."""
    number, letters = random.Random(identifier).randrange(len(_SYLLABLES) ** 4), ""
    for _ in range(4):
        number, syllable = divmod(number, len(_SYLLABLES))
        letters += _SYLLABLES[syllable]
    return f"{letters}x"


def version_of(found: dict[str, object]) -> int:
    """Return the version of an article that was read; raise ValueError where it is not whole."""
    version = int(str(found["title"]).split()[-1])
    written = article(str(found["id"]), version)
    different = [name for name, value in written.items() if found[name] != value]
    if different:
        raise ValueError(f"{found['id']} is not what version {version} was: {different}")
    return version
