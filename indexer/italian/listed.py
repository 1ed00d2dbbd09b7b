"""Words whose stem a list knows, and words that a list takes back to a plainer one.

uomini → uomo    romana → roman    casa → casa, which is no caso    ragazzini → ragazzo
"""

from __future__ import annotations

from functools import cache

from indexer.italian.folding import fold
from indexer.italian.lists import lines, rows, words


@cache
def stems() -> dict[str, str]:
    """Return the stem of each listed form."""
    found: dict[str, str] = {}
    for line in lines("families.txt"):
        forms = line.split()
        for form in forms:
            found.setdefault(form, fold(forms[0]))
    for word in words("nominals.txt"):
        root = word[:-1]
        for form in _inflections(root):
            found.setdefault(form, root)
    return found


@cache
def plain_words() -> dict[str, str]:
    """Return the plain word of each listed diminutive: foglietto, foglietti → foglio."""
    found: dict[str, str] = {}
    for word, alterations in rows("derived.tsv"):
        for altered in alterations.split():
            if altered.startswith("-"):
                forms = _inflections(word[:-1] + altered[1:-1])
                found.update(dict.fromkeys(forms, word))
            else:
                found[altered] = word
    return found


def _inflections(root: str) -> list[str]:
    """Return a noun or adjective in all genders and numbers; *root* is all but its last vowel."""
    forms = [root + ending for ending in "oae"]
    forms.append(root if root[-1] == "i" else f"{root}i")
    if root[-1] in "cg":
        forms += [f"{root}hi", f"{root}he"]
    return forms
