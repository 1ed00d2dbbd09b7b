"""Letters as Unicode has them: with their marks behind them, or invisible."""

from __future__ import annotations

import re
import unicodedata

# Marks that belong to the letter before them, and scripts whose vowels are such marks.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"

LETTER = rf"(?:[^\W_]|[{_MARKS}\u0900-\u0eff\u1ab0-\u1aff\u20d0-\u20ff])"
"""A pattern for what words are made of, digits included."""

_WITH_MARKS = re.compile(rf"[\s\S][{_MARKS}{_INVISIBLE}]*")
_UNSEEN = re.compile(f"[{_INVISIBLE}]")


def is_composed(text: str) -> bool:
    """Tell whether ``composed`` would leave *text* as it is."""
    if text.isascii():
        return True
    return unicodedata.is_normalized("NFC", text) and not _UNSEEN.search(text)


def composed(text: str) -> tuple[str, list[int]]:
    """Return *text* in NFC without invisible characters, and where each place of it was."""
    letters: list[str] = []
    offsets: list[int] = []
    for match in _WITH_MARKS.finditer(text):
        letter = unicodedata.normalize("NFC", _UNSEEN.sub("", match.group()))
        letters.append(letter)
        offsets += [match.start()] * len(letter)
    return "".join(letters), [*offsets, len(text)]
