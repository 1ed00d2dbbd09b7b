"""The accent on the last letter: typed as an apostrophe, the wrong way, or left out.

citta' → città    perchè → perché    quì → qui    qualita → qualità    sera' has a quote, no accent
"""

from __future__ import annotations

import re

from indexer.italian.folding import fold
from indexer.italian.lists import words

_ACCENTED = {fold(word): word.lower() for word in words("accented.txt")}
_UNACCENTED = frozenset(words("unaccented.txt"))
_GRAVE = str.maketrans("aeiou", "àèìòù")
_MISPLACED = str.maketrans("áíóú", "àìòù")

# An apostrophe after these is an accent: città, virtù, perché, sarà, andrò, cominciò.
_ACCENTED_ENDING = re.compile(r"..[^aeiou]*(?:t[au]|che|tre|ra|[^aeou']o)$")
_ACUTE = re.compile(r"(?:ch|.tr)[eè]$")
_QUALITY = re.compile(r".{2,}(?:bil|iv|ic|os)ita")
_PARTICIPLES = frozenset(["esplicita", "implicita", "illecita", "stabilita"])


def typed_accent(word: str) -> str | None:
    """Return the spelling of *word*, in lower case, if an apostrophe behind it is an accent.

    «citta» gives «città»; «sera», behind which it must be a quote, None.
    """
    known = _ACCENTED.get(word)
    if known is not None:
        return known
    if not _ACCENTED_ENDING.search(word):
        return None
    if _ACUTE.search(word):
        return f"{word[:-1]}é"
    return word[:-1] + word[-1].translate(_GRAVE)


def right_accent(word: str) -> str:
    """Return *word*, in lower case, with the one accent Italian allows it: cioé → cioè."""
    last = word[-1]
    if last not in "àèìòùáéíóú":
        return word
    bare = fold(word)
    if bare in _UNACCENTED:
        return bare
    if last in "áíóú":
        return word[:-1] + last.translate(_MISPLACED)
    if last in "éè":
        known = _ACCENTED.get(bare)
        if known is not None:
            return known
        if _ACUTE.search(word):
            return f"{word[:-1]}é"
    return word


def missing_accent(word: str) -> str | None:
    """Return the noun in -ità that *word* is without its accent; None if it may be another word."""
    if not word.endswith("ita") or word in _PARTICIPLES:
        return None
    if _QUALITY.fullmatch(word):
        return f"{word[:-1]}à"
    return _ACCENTED.get(word)
