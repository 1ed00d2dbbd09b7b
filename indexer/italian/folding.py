"""What two spellings of one word have in common: small letters, no accents, one apostrophe."""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "’‘ʼ´`′＇‛ʻ"

# Letters that a reader types without their stroke, and that Unicode does not take apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"}
    | dict.fromkeys(APOSTROPHES, "'")
)
_ANY_LETTER = re.compile(f"[{''.join(map(chr, _LETTERS))}]")
_ACCENTS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Return *text* in lower case, without accents, apostrophes normal, blanks collapsed.

    Two forms, or two whole values of a field, are the same when this makes them equal.
    """
    text = text.lower()
    if text.isascii() and text.isalnum():  # nearly every word: nothing to take off
        return text
    if not text.isascii():
        if _ANY_LETTER.search(text):  # few have one, and translating takes longer than all else
            text = text.translate(_LETTERS)
        text = unicodedata.normalize("NFD", text)
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
    elif "`" in text:
        text = text.replace("`", "'")
    return " ".join(text.split())
