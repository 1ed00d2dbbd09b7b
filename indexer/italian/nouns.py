"""Nouns and adjectives that end like verbs, by class: Snowball would cut them deeper in one form.

quartiere, quartieri → quartier    diversi → divers    putiniano → putinian, but iniziano → iniz
"""

from __future__ import annotations

import re
from functools import cache

from indexer.italian.lists import words

_CLASSES = re.compile(
    r"""
      (.{2,}ier)[oaie]                   # quartiere, cameriera: no infinitive
    | (.{2,}(?:ifer|sfer|fon))[oaie]     # mammifere, biosfere, megafono
    | (.{2,}end)[ae]                     # azienda, vicende
    | (.{2,}ific)(?:o|a|i|he|hi)         # specifico, modifica
    | (.*er[cltsnm])[oaie]               # diversi, concerti, esterne: no infinitive with a clitic
    | (.{2,}american)[oaie]
    """,
    re.VERBOSE,
)
# The letters before the last one: comparing them first spares nearly every word the patterns.
ENDS = frozenset(
    ["ier", "fer", "fon", "end", "fic", "ich", "can", "ian", *(f"er{each}" for each in "cltsnm")]
)
_PEOPLE = re.compile(r"(.{2,}(?:[^cghl]|[^g]l)ian)[oaie]")


def noun(form: str) -> str | None:
    """Return the stem of *form* if it is of a class of nouns or adjectives; None: it is of none."""
    if form[-4:-1] not in ENDS:
        return None
    if match := _PEOPLE.fullmatch(form):
        return None if f"{match[1][:-2]}are" in _verbs_in_iare() else match[1]
    match = _CLASSES.fullmatch(form)
    return match[match.lastindex or 0] if match else None


@cache
def _verbs_in_iare() -> frozenset[str]:
    return frozenset(words("verbs_in_iare.txt"))
