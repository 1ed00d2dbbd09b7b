"""What belongs together in a query, and the clause it makes.

    query  :=  chain…                   all chains hold; the bare words among them are one group
    chain  :=  all (O all)…             one of them holds
    all    :=  piece (E piece)…         all of them hold
    piece  :=  word | phrase | date | ( query )        NON and - exclude it

An operator joins the pieces beside it and nothing else: in «piano Trump O Putin» the word «piano»
must stand in the article, whoever else does. Parentheses matter around operators, behind a field
and behind NON; around bare words they are punctuation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from indexer.engines.contract import EVERYTHING, AnyOf, Between, Clause, Field, Scope
from service.limits import DEFAULTS, Limits
from service.query.clauses import all_of, any_of, leaves, opposite, overlap
from service.query.lexer import Kind, Lexeme, Warn, lex, quoted
from service.query.parsed import Parsed, check_depth, check_length, check_size
from service.query.structure import structured
from service.query.words import NOTHING, Meaning, phrase_meaning, value_meaning, word_meaning

NO_ARTICLE = AnyOf(())


@lru_cache(maxsize=128)
def parse(text: str, limits: Limits = DEFAULTS) -> Parsed:
    """Return what *text* asks: every article where it is blank, none where it holds no word.

    Remembered, since who answers a search and who notes it both ask.
    Raises QueryError, with the remedy, beyond one of *limits*; for nothing else.
    """
    check_length(text, limits.query_length)
    if not text.strip():
        return Parsed(EVERYTHING)
    warnings: dict[str, None] = {}

    def warn(sentence: str) -> None:
        warnings[sentence] = None

    clause = _meaning(structured(list(lex(text, warn)), warn), limits, warn).alone
    if clause is None:
        warn("Niente da cercare: scrivi almeno una parola.")
        return Parsed(NO_ARTICLE, (), tuple(warnings))
    check_size(clause, limits)
    marks = dict.fromkeys(leaf for leaf, wanted in leaves(clause) if wanted)
    return Parsed(clause, tuple(marks), tuple(warnings))


@dataclass
class _Level:
    """What stands between two parentheses: chains, each a list of alternatives."""

    opened: Lexeme
    scope: Scope | Field
    chains: list[list[list[Meaning]]] = field(default_factory=list)
    operator: Kind | None = None

    def add(self, meaning: Meaning) -> None:
        if self.operator is Kind.AND:
            self.chains[-1][-1].append(meaning)
        elif self.operator is Kind.OR:
            self.chains[-1].append([meaning])
        else:
            self.chains.append([[meaning]])
        self.operator = None


def _meaning(lexemes: list[Lexeme], limits: Limits, warn: Warn) -> Meaning:
    # A stack of our own: parentheses must not decide how deep Python recurses.
    levels = [_Level(Lexeme(Kind.OPEN), Scope.ARTICLE)]
    for lexeme in lexemes:
        level = levels[-1]
        if lexeme.kind is Kind.OPEN:
            levels.append(_Level(lexeme, lexeme.scope or level.scope))
            check_depth(len(levels) - 1, limits.query_depth)
        elif lexeme.kind is Kind.CLOSE:
            levels.pop()
            levels[-1].add(_marked_off(_together(level, warn), level.opened))
        elif lexeme.kind in (Kind.AND, Kind.OR):
            level.operator = lexeme.kind
        else:
            level.add(_marked_off(_piece(lexeme, level.scope, limits, warn), lexeme))
    return _together(levels[0], warn)


def _piece(lexeme: Lexeme, scope: Scope | Field, limits: Limits, warn: Warn) -> Meaning:
    scope = lexeme.scope or scope
    if lexeme.kind is Kind.DATE:
        if lexeme.first is None and lexeme.last is None:
            warn(
                f"{quoted(lexeme.text)} ignorato: non è una data. "
                "Le date si scrivono 2025-11-19 o 19/11/2025."
            )
            return NOTHING
        return Meaning(Between(lexeme.first, lexeme.last))
    if isinstance(scope, Field):
        return value_meaning(lexeme, scope, warn)
    if lexeme.kind is Kind.WORD:
        return word_meaning(lexeme, scope, limits.query_forms, warn)
    return phrase_meaning(lexeme, scope, warn)


def _marked_off(meaning: Meaning, lexeme: Lexeme) -> Meaning:
    """Return *meaning* as it stands behind a field, «-» or NON: no bare word any more."""
    if meaning.alone is None or not (lexeme.scope or lexeme.excluded):
        return meaning
    return Meaning(opposite(meaning.alone) if lexeme.excluded else meaning.alone)


def _together(level: _Level, warn: Warn) -> Meaning:
    group: list[Clause] = []
    stops: list[Clause] = []
    musts: list[Clause] = []
    days: Between | None = None
    for chain in level.chains:
        meanings = [meaning for parts in chain for meaning in parts]
        if len(meanings) == 1 and meanings[0].bare:
            group += meanings[0].group
            stops += meanings[0].stops
            continue
        if len(meanings) > 1 and NOTHING in meanings:
            warn("Operatore accanto a soli segni ignorato.")
        clause = any_of(all_of(meaning.alone for meaning in parts) for parts in chain)
        if isinstance(clause, Between):
            days = overlap(days, clause) if days else clause
        elif clause is not None:
            musts.append(clause)
    if days is not None:
        musts.append(days)
        if days.first and days.last and days.first > days.last:
            warn("Le date si escludono: «dal:» viene dopo «al:».")
    if not musts:
        return Meaning(any_of(group or stops), tuple(group), tuple(stops))
    if not group and not any(wanted for must in musts for _, wanted in leaves(must)):
        group = stops
    return Meaning(all_of([any_of(group), *musts]))
