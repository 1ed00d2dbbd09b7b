"""A query whose last word is still being typed: how that word is meant, and what must hold beside.

«piano -guerra pa»   →  a word, beside «piano», without «guerra»
«titolo:pa»          →  a word of the title
«"piano di pa»       →  the end of a phrase, whose quotes are still to be closed
«-pa», «tag:pa»      →  nothing that could be completed
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from indexer.engines.contract import AllOf, AnyOf, Clause, Not, Phrase, Scope, Textual, Word
from service.query import QueryError, parse
from service.query.clauses import musts
from service.query.lexer import QUOTES

_CLOSED_BY = {'"': '"', "«": "»"}


class Unfinished(msgspec.Struct, frozen=True):
    """The *piece* that ends in the word, what else is asked, what is missing behind the word.

    ``stand_in`` stands for the word in the clauses.
    """

    piece: Word | Phrase
    others: tuple[Clause, ...]
    closing: str
    stand_in: str

    @property
    def plain(self) -> bool:
        """Whether words are asked for and nothing else."""
        asked = (self.piece, *self.others)
        words = all(isinstance(each, Word) and each.scope is Scope.ARTICLE for each in asked)
        return words and not self.closing

    def finished(self, form: str) -> Clause:
        """Return what holds where all words of the query do, the last one being *form*."""
        word = self._put(self.piece, form)
        if not self.others:
            return word
        return AllOf((*(self._put(each, form) for each in self.others), word))

    def _put(self, clause: Clause, form: str) -> Clause:
        match clause:
            case Word(self.stand_in, _, scope):
                return Word(form, None, scope)
            case Phrase(words):
                own = (
                    replace(word, form=form) if word.form == self.stand_in else word
                    for word in words
                )
                return replace(clause, words=tuple(own))
            case AllOf(clauses) | AnyOf(clauses):
                inner = tuple(self._put(each, form) for each in clauses)
                return replace(clause, clauses=inner)
            case Not(inner):
                return Not(self._put(inner, form))
        return clause


def read_unfinished(before: str) -> Unfinished | None:
    """Return how a word behind *before* would be meant; None where none is asked for there."""
    stand_in = "x" * (len(before) + 1)  # which *before* cannot hold
    closing = _closing(before)
    try:
        parsed = parse(before + stand_in + closing)
    except QueryError:
        return None
    piece, words = None, []
    for mark in parsed.marks:
        forms = [word.form for word in mark.words] if isinstance(mark, Phrase) else [mark.form]
        if stand_in in forms and isinstance(mark, Word | Phrase):
            piece = mark
        elif not any(stand_in in form for form in forms):  # no compound that ends in the word
            words.append(mark)
    if piece is None:
        return None
    others = (*words, *(part for part in musts(parsed.clause) if not _only_words(part)))
    return Unfinished(piece, others, closing, stand_in)


def _only_words(clause: Clause) -> bool:
    alternatives = clause.clauses if isinstance(clause, AnyOf) else (clause,)
    return all(isinstance(each, Textual) for each in alternatives)


def _closing(text: str) -> str:
    """Return what closes the quotes and parentheses that are open at the end of *text*."""
    quote, depth = "", 0
    for sign in text.translate(QUOTES):
        if quote:
            quote = "" if _CLOSED_BY.get(sign, sign) == quote else quote
        elif sign in _CLOSED_BY:
            quote = _CLOSED_BY[sign]
        else:
            depth = max(0, depth + (sign == "(") - (sign == ")"))
    return quote + ")" * depth
