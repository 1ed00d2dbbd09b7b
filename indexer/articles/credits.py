"""Who is named behind «di»: a person, an outlet, or the newsroom, which is nobody."""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.articles.outlets import is_newsroom, known_outlet

_WORD = r"[A-ZÀ-Þ][\w'’.-]*"
_PARTICLE = r"(?:de|di|del|della|dei|degli|da|dal|dalla|van|von|der|den|la|lo|e|ed|y|al|el)"
NAME = re.compile(rf"{_WORD}(?:(?:,?\s+{_PARTICLE}){{0,2}},?\s+{_WORD}){{0,9}}")
"""One or several people, as their names are written: «Anna De Luca, Ugo Neri e Ada Bo»."""

VALUE = re.compile(r"[^|·•()\[\]]+?(?=\s*(?:[|·•()\[\]]|\s[–—-]\s|(?:\bil\s+)?\b\d{1,2}[ /.]|$))")
"""What stands up to the next separator or date."""

_ROLE = re.compile(
    rf",?\s*(?:nostr[oa]\s+)?(?:inviat[oa]|corrispondente)(?:\s+(?:a|da|in)\s+{_WORD})?"
)
_NEWSROOM_OF = re.compile(r".*?redazione\s*", re.IGNORECASE)


class Credit(NamedTuple):
    """Who is named, and where in the line that ends."""

    author: str | None
    source: str | None
    end: int


def read_credit(line: str, at: int, *, sure: bool) -> Credit | None:
    """Read the names that stand in *line* at *at*; *sure* lets a single word be one."""
    if value := VALUE.match(line, at):
        written = value.group()
        if is_newsroom(written):
            return Credit(None, known_outlet(_NEWSROOM_OF.sub("", written, count=1)), value.end())
        if not written.islower() and (outlet := known_outlet(written)):
            return Credit(None, outlet, value.end())
    name = NAME.match(line, at)
    if not name or not (sure or (" " in name.group() and not line.isupper())):
        return None
    role = _ROLE.match(line, name.end())
    people, _, last = name.group().rpartition(",")
    outlet = known_outlet(last) if people else None  # «Anna De Luca, Corriere della Sera»
    author = people if outlet else name.group()
    return Credit(author.strip(), outlet, role.end() if role else name.end())
