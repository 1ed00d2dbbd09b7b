"""The lines around a story that say who published it when: «- Postato il 19 novembre 2025».

    line    :=  (piece separator*)+
    piece   :=  moment  |  label moment  |  label name  |  a count that says nothing
             |  section  |  outlet              beside one of the above

A line is an imprint only if nothing but such pieces stands in it: so a sentence that holds a date
or begins with «di» stays in the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache

from indexer.articles.characters import fold
from indexer.articles.dates import Moment, scan, scan_time
from indexer.articles.lists import read_list
from indexer.articles.outlets import is_newsroom, known_outlet

_LONGEST = 200

_SEPARATOR = re.compile(
    r"[\s.,;:|·•/()\[\]®–—*_-]+|(?:il|del|alle(?: ore)?|ore|e)\s", re.IGNORECASE
)
_WORD = r"[A-ZÀ-Þ][\w'’.-]*"
_PARTICLE = r"(?:de|di|del|della|dei|degli|da|dal|dalla|van|von|der|den|la|lo|e|ed|y|al|el)"
_NAME = re.compile(rf"{_WORD}(?:(?:,?\s+{_PARTICLE}){{0,2}},?\s+{_WORD}){{0,9}}")
_ROLE = re.compile(
    rf",?\s*(?:(?:nostr[oa]\s+)?(?:inviat[oa]|corrispondente)(?:\s+(?:a|da|in)\s+{_WORD})?)"
)
_VALUE = re.compile(r"[^|·•()\[\]]+?(?=\s*(?:[|·•()\[\]]|\s[–—-]\s|(?:\bil\s+)?\b\d{1,2}[ /.]|$))")
_QUOTES = " \t\"'«»“”‘’."


@dataclass(frozen=True, slots=True)
class Imprint:
    """What was said around a story; dates as ``Article`` keeps them."""

    date: str | None = None
    modified: str | None = None
    author: str | None = None
    source: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()

    def __or__(self, other: Imprint) -> Imprint:
        """What *self* says, and *other* where *self* is silent."""
        names = [field.name for field in fields(self)]
        return Imprint(**{name: getattr(self, name) or getattr(other, name) for name in names})


NOTHING = Imprint()


def read_imprint(line: str, *, sure: bool = False) -> Imprint | None:
    """Return what *line*, free of markup, says of its article; None when it says anything else.

    *sure* tells that the line stands among others of this kind, so that a single word will do
    as an author's name.
    """
    if len(line) > _LONGEST:
        return None
    return _Reader(line, sure).read()


def is_bare_date(line: str) -> bool:
    """Say whether nothing but a date stands in *line*."""
    found = scan(line.strip())
    return found is not None and found[1] == len(line.strip())


class _Reader:
    """Reads one line from left to right."""

    def __init__(self, line: str, sure: bool) -> None:
        self._line = line
        self._sure = sure
        self._at = 0
        self._certain = False
        self._dated = "published"
        self._day: Moment | None = None
        self._found = NOTHING

    def read(self) -> Imprint | None:
        """Return what the line says, None unless it is an imprint to its end."""
        self._skip_separators()
        while self._at < len(self._line):
            if self._moment() or self._label():
                self._certain = True
            elif not self._bare_name():
                return None
            self._skip_separators()
        return self._found if self._certain or (self._sure and self._found != NOTHING) else None

    def _skip_separators(self) -> None:
        while separator := _SEPARATOR.match(self._line, self._at):
            self._at = separator.end()

    def _say(self, said: Imprint) -> bool:
        self._found |= said
        return True

    def _moment(self) -> bool:
        if found := scan(self._line, self._at):
            moment, self._at = found
            self._day = self._day or moment
        elif self._dated == "modified" and (clock := scan_time(self._line, self._at)):
            self._at = clock[1]
            if not self._day:
                return True
            # «19 novembre 2025 - aggiornato alle 10:42»
            moment = Moment(self._day.day, clock[0])
        else:
            return False
        if self._dated == "modified":
            return self._say(Imprint(modified=str(moment)))
        return self._say(Imprint(date=moment.day.isoformat()))

    def _label(self) -> bool:
        for kind, pattern in _labels():
            if kind.startswith("+") and not self._certain:
                continue
            if match := pattern.match(self._line, self._at):
                kind = kind.lstrip("+")
                start, self._at = self._at, match.end()
                if kind in ("published", "modified"):
                    self._dated = kind
                    return True
                if kind == "nothing" or self._named(kind):
                    return True
                self._at = start
        return False

    def _named(self, kind: str) -> bool:
        if kind == "author":
            return self._author()
        match = _VALUE.match(self._line, self._at)
        value = match.group().strip(_QUOTES) if match else ""
        if not match or not value:
            return False
        if kind in ("source", "outlet"):
            name = known_outlet(value)
            if not name and not (kind == "source" and _NAME.fullmatch(value)):
                return False
            said = Imprint(source=name or value)
        elif kind == "section":
            said = Imprint(section=value)
        else:
            said = Imprint(tags=tuple(tag.strip(_QUOTES + "#") for tag in value.split(",")))
        self._at = match.end()
        return self._say(said)

    def _author(self) -> bool:
        rest = _VALUE.match(self._line, self._at)
        if rest and is_newsroom(rest.group()):
            self._at = rest.end()
            outlet = known_outlet(re.sub(r"(?i)^.*?redazione\s*", "", rest.group()))
            return self._say(Imprint(source=outlet))
        if rest and (outlet := known_outlet(rest.group())) and not rest.group().islower():
            self._at = rest.end()
            return self._say(Imprint(source=outlet))
        match = _NAME.match(self._line, self._at)
        if not match:
            return False
        name, end = match.group(), match.end()
        if role := _ROLE.match(self._line, end):
            end = role.end()
        person, comma, outlet_name = name.rpartition(",")
        outlet = known_outlet(outlet_name) if comma else None
        if outlet:
            name = person
        if not self._sure and (" " not in name or self._line.isupper()):
            return False
        self._at = end
        return self._say(Imprint(author=name.strip(), source=outlet))

    def _bare_name(self) -> bool:
        match = _VALUE.match(self._line, self._at)
        name = match.group().strip(_QUOTES + ",") if match else ""
        outlet = known_outlet(name) if _says_a_name(name) else None
        if not match or (not outlet and fold(name) not in _sections()):
            return False
        self._at = match.end()
        return self._say(Imprint(source=outlet, section=None if outlet else name))


def _says_a_name(name: str) -> bool:
    # «Oggi» and «Domani» are outlets, and words that stand before a date.
    return " " in name or not (name.islower() or name.istitle())


@cache
def _labels() -> list[tuple[str, re.Pattern[str]]]:
    rows = (line.split("\t") for line in read_list("labels.tsv"))
    return [
        (kind, re.compile(rf"(?:{pattern})\s*[:.]?\s*", re.IGNORECASE)) for kind, pattern in rows
    ]


@cache
def _sections() -> frozenset[str]:
    return frozenset(map(fold, read_list("sections.txt")))
