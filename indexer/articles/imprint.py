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
from indexer.articles.credits import NAME, VALUE, read_credit
from indexer.articles.dates import Moment, scan, scan_time
from indexer.articles.lists import read_list
from indexer.articles.outlets import known_outlet

_LONGEST = 200

_PUNCTUATION = re.compile(r"[\s.,;:|·•/()\[\]®–—*_-]+")
_BETWEEN = re.compile(r"(?:il|del|alle(?: ore)?|ore|e)\s|" + _PUNCTUATION.pattern, re.IGNORECASE)
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
        self._skip(_PUNCTUATION)
        while self._at < len(self._line):
            if self._moment() or self._label():
                self._certain = True
            elif not self._bare_name():
                return None
            self._skip(_BETWEEN)
        return self._found if self._certain or (self._sure and self._found != NOTHING) else None

    def _skip(self, separators: re.Pattern[str]) -> None:
        while separator := separators.match(self._line, self._at):
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
            credit = read_credit(self._line, self._at, sure=self._sure)
            if not credit:
                return False
            self._at = credit.end
            return self._say(Imprint(author=credit.author, source=credit.source))
        match = VALUE.match(self._line, self._at)
        value = match.group().strip(_QUOTES) if match else ""
        if not match or not value:
            return False
        if kind in ("source", "outlet"):
            name = known_outlet(value)
            if not name and not (kind == "source" and NAME.fullmatch(value)):
                return False
            said = Imprint(source=name or value)
        elif kind == "section":
            said = Imprint(section=value)
        else:
            said = Imprint(tags=tuple(tag.strip(_QUOTES + "#") for tag in value.split(",")))
        self._at = match.end()
        return self._say(said)

    def _bare_name(self) -> bool:
        match = VALUE.match(self._line, self._at)
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
