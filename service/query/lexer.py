"""A query cut into what was typed: words, phrases, parentheses, operators, dates.

    Trump E -titolo:"Wall Street" dal:2025-11  →  word, and, excluded phrase in the title, date

Every character is accounted for: what has no meaning is a word, or ignored with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from indexer.articles.dates import read_period
from indexer.engines.contract import Scope

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


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query. *text* is as typed, a phrase without its quotes.

    ``first`` and ``last`` are the bound a DATE sets; neither where it cannot be read.
    """

    kind: Kind
    text: str = ""
    scope: Scope | None = None
    excluded: bool = False
    first: date | None = None
    last: date | None = None


_SCOPES = {
    "titolo": Scope.TITLE,
    "title": Scope.TITLE,
    "testo": Scope.TEXT,
    "text": Scope.TEXT,
    "fonte": Scope.SOURCE,
    "source": Scope.SOURCE,
    "autore": Scope.AUTHOR,
    "author": Scope.AUTHOR,
}
_FROM = ("dal", "from")
_UNTIL = ("al", "to")

_PIECE = re.compile(
    rf"""
      (?P<open> \( )
    | (?P<close> \) )
    | (?P<phrase> "[^"]*" | «[^»]*» ) (?P<slack> ~\d* | \*+ )?
    | (?P<quote> ["«»] )
    | (?P<minus> (?<![^\s(:]) [-−] (?=[^\s)−-]) )
    | (?P<scope> {"|".join(_SCOPES)} ) : \s* (?=[^\s)])
    | (?P<bound> {"|".join(_FROM + _UNTIL)} ) : \s*
        (?P<period> "[^"]*" | «[^»]*» | [^\s()"«»]+ (?: \s+ [^\s()"«»]+ ){{0,3}} )
    | (?P<word> [^\s()"«»]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟＂〝〞", '"'))
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_QUOTED = '"«'
_AROUND_DATES = '"«» ,.;'
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_OPERATORS = {
    "E": Kind.AND,
    "AND": Kind.AND,
    "O": Kind.OR,
    "OR": Kind.OR,
    "NON": Kind.NOT,
    "NOT": Kind.NOT,
}
_OPERANDS = (Kind.WORD, Kind.PHRASE, Kind.DATE)
_HEADLINE = 4  # so many words, all in capitals, are no query with operators


def lex(text: str, warn: Warn) -> list[Lexeme]:
    """Return the lexemes of *text*: parentheses in pairs, operators between what they join."""
    text = _INVISIBLE.sub("", text.translate(_QUOTES))
    text, unreadable = _UNREADABLE.subn(" ", text)
    if unreadable:
        warn("Caratteri illeggibili ignorati.")
    return _joined(_paired(list(_pieces(text, warn)), warn), warn)


def quoted(text: str) -> str:
    """Return *text* as a warning cites it."""
    return f"«{text if len(text) <= 40 else text[:39] + '…'}»"


def _pieces(text: str, warn: Warn) -> Iterator[Lexeme]:
    scope: Scope | None = None
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
            else:
                lexeme = Lexeme(Kind.OPEN if match["open"] else Kind.CLOSE)
            yield replace(lexeme, scope=scope, excluded=excluded)
            scope, excluded = None, False


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


def _paired(lexemes: list[Lexeme], warn: Warn) -> list[Lexeme]:
    """Drop parentheses that lack a partner or hold nothing."""
    kept: list[Lexeme] = []
    opened: list[int] = []
    for lexeme in lexemes:
        if lexeme.kind is Kind.CLOSE and not opened:
            warn("Parentesi senza coppia ignorata.")
        elif lexeme.kind is Kind.CLOSE and opened[-1] == len(kept) - 1:
            kept.pop(opened.pop())
            warn("Parentesi vuote ignorate.")
        else:
            if lexeme.kind is Kind.OPEN:
                opened.append(len(kept))
            elif lexeme.kind is Kind.CLOSE:
                opened.pop()
            kept.append(lexeme)
    if opened:
        warn("Parentesi senza coppia ignorata.")
    alone = set(opened)
    return [lexeme for place, lexeme in enumerate(kept) if place not in alone]


def _joined(lexemes: list[Lexeme], warn: Warn) -> list[Lexeme]:
    """Turn «E», «O», «NON» into operators where they have something to join."""
    candidates = [place for place, lexeme in enumerate(lexemes) if _operator(lexeme)]
    if not candidates:
        return lexemes
    words = [lexeme.text for lexeme in lexemes if lexeme.kind is Kind.WORD]
    if len(words) - len(candidates) >= _HEADLINE and all(map(_in_capitals, words)):
        warn("Tutto in maiuscole: E, O e NON letti come parole.")
        return lexemes
    joined = list(lexemes)
    for place in reversed(candidates):
        kind = _OPERATORS[lexemes[place].text]
        if _begins(joined, place + 1) and (kind is Kind.NOT or _ends(joined, place - 1)):
            joined[place] = Lexeme(kind)
        elif len(lexemes) > 1:
            warn(f"{quoted(lexemes[place].text)} non unisce niente: letto come parola.")
    return [
        replace(lexeme, excluded=lexeme.excluded or before.kind is Kind.NOT)
        for before, lexeme in zip([Lexeme(Kind.OPEN), *joined], joined, strict=False)
        if lexeme.kind is not Kind.NOT
    ]


def _operator(lexeme: Lexeme) -> bool:
    plain = lexeme.kind is Kind.WORD and lexeme.scope is None and not lexeme.excluded
    return plain and lexeme.text in _OPERATORS


def _begins(lexemes: list[Lexeme], place: int) -> bool:
    if place >= len(lexemes) or _operator(lexemes[place]):
        return False
    return lexemes[place].kind in (*_OPERANDS, Kind.OPEN, Kind.NOT)


def _ends(lexemes: list[Lexeme], place: int) -> bool:
    if place < 0 or _operator(lexemes[place]):
        return False
    return lexemes[place].kind in (*_OPERANDS, Kind.CLOSE)


def _in_capitals(word: str) -> bool:
    return word.upper() == word
