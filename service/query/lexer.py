"""A query cut into what was typed: words, phrases, parentheses, operators, dates.

    Trump E -titolo:"Wall Street" dal:2025-11  →  word, and, excluded phrase in the title, date

Every character is accounted for: what has no meaning is a word, or ignored with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum, auto

import msgspec
from msgspec.structs import replace

from indexer.articles.dates import read_period
from indexer.engines.contract import Field, Scope

Warn = Callable[[str], None]
"""Takes an Italian sentence on something that was ignored or corrected."""


class Kind(Enum):
    """What a lexeme is."""

    WORD = auto()
    PHRASE = auto()
    DATE = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


class Lexeme(msgspec.Struct, frozen=True):
    """A piece of a query. *text* is as typed, a phrase without its quotes.

    ``scope`` is where its words are looked for, or the field whose whole value it is.
    ``opens`` tells that it opens a sentence, so that its capital says nothing.
    ``first`` and ``last`` are the bound a DATE sets; neither where it cannot be read.
    """

    kind: Kind
    text: str = ""
    scope: Scope | Field | None = None
    excluded: bool = False
    opens: bool = False
    first: date | None = None
    last: date | None = None


_SCOPES: dict[str, Scope | Field] = {
    "titolo": Scope.TITLE,
    "title": Scope.TITLE,
    "testo": Scope.TEXT,
    "text": Scope.TEXT,
    "fonte": Scope.SOURCE,
    "source": Scope.SOURCE,
    "autore": Scope.AUTHOR,
    "author": Scope.AUTHOR,
    "sezione": Field.SECTION,
    "section": Field.SECTION,
    "argomento": Field.TAG,
    "tag": Field.TAG,
}
_FROM = ("dal", "from")
_UNTIL = ("al", "to")
_ALONE = frozenset(f"{name}:" for name in (*_SCOPES, *_FROM, *_UNTIL))

# ASCII (?a:) where a table is asked next: to Unicode «ı» is an «i» of another case, «ſ» an «s».
_PIECE = re.compile(
    rf"""
      (?P<open> \( )
    | (?P<close> \) )
    | (?P<phrase> "[^"]*" | «[^»]*» ) (?P<slack> ~\d* | \*+ )?
    | (?P<quote> ["«»] )
    | (?P<minus> (?<![^\s(:]) [-−] (?=[^\s)−-]) )
    | (?P<scope> (?a: {"|".join(_SCOPES)} ) ) : \s* (?=[^\s)])
    | (?P<bound> (?a: {"|".join(_FROM + _UNTIL)} ) ) : \s*
        (?P<period> "[^"]*" | «[^»]*» | [^\s()"«»]+ (?: \s+ [^\s()"«»]+ ){{0,3}} )
    | (?P<word> [^\s()"«»]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
QUOTES = str.maketrans(dict.fromkeys("“”„‟＂〝〞", '"'))
"""Makes the usual one of each quote that opens and closes alike, for `str.translate`."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_QUOTED = '"«'
_AROUND_DATES = '"«» ,.;'
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def lex(text: str, warn: Warn) -> Iterator[Lexeme]:
    """Yield the lexemes of *text*; words that may be operators are words still."""
    text = _INVISIBLE.sub("", text.translate(QUOTES))
    text, unreadable = _UNREADABLE.subn(" ", text)
    if unreadable:
        warn("Caratteri illeggibili ignorati.")
    scope: Scope | Field | None = None
    excluded = False
    place = 0
    while match := _PIECE.search(text, place):
        place = match.end()
        if match["minus"]:
            excluded = True
        elif match["scope"]:
            scope = _SCOPES[match["scope"].lower()]
        elif match["quote"]:
            warn("Virgolette senza coppia ignorate.")
        else:
            if match["bound"]:
                lexeme, place = _date(match)
            elif match["phrase"]:
                lexeme = Lexeme(Kind.PHRASE, match["phrase"][1:-1])
                if match["slack"]:
                    warn(f"{quoted(match['slack'])} dopo una frase ignorato.")
            elif match["word"]:
                lexeme = Lexeme(Kind.WORD, match["word"])
                if match["word"].lower() in _ALONE:
                    warn(f"{quoted(match['word'])} senza niente dietro: letto come parola.")
            else:
                lexeme = Lexeme(Kind.OPEN if match["open"] else Kind.CLOSE)
            if scope or excluded:
                lexeme = replace(lexeme, scope=scope, excluded=excluded)
                scope, excluded = None, False
            yield lexeme


def quoted(text: str) -> str:
    """Return *text* as a warning cites it."""
    return f"«{text if len(text) <= 40 else text[:39] + '…'}»"


def _date(match: re.Match[str]) -> tuple[Lexeme, int]:
    """Return the bound, and where it ends: of «dal:19 novembre 2025 pace» the last word is not."""
    start = match.start("period")
    ends = [start + word.end() for word in re.finditer(r"\S+", match["period"])]
    if match["period"][0] in _QUOTED:
        ends = ends[-1:]
    for end in reversed(ends):
        period = read_period(match.string[start:end].strip(_AROUND_DATES))
        if period is not None:
            break
    else:
        period, end = None, ends[0]
    first, last = period or (None, None)
    if match["bound"].lower() in _FROM:
        last = None
    else:
        first = None
    return Lexeme(Kind.DATE, match.string[match.start() : end], first=first, last=last), end
