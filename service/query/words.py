"""What was typed as one word or phrase, as clauses: here the Italian chain comes in.

ucraini → the word    dell'accordo → the word without its article    ucrain* → a prefix
il → a stop word, kept aside    "il piano" → a phrase, stop words and all
sezione:Esteri → the whole value of a field, which knows no words
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from indexer.engines.contract import Clause, Field, Fuzzy, Is, Phrase, Prefix, Scope, Word
from indexer.italian import ChunkToken, Token, analyse, analyse_chunk, fold
from service.query.clauses import all_of, any_of
from service.query.lexer import Kind, Lexeme, Warn, quoted

MIN_LETTERS = 2  # before «*» or «~»: one letter stands for a tenth of the index
MAX_EDITS = 2

_PATTERN = re.compile(r"(?P<word>.*\w)(?P<mark>\*+|~(?P<edits>\d*))[^\w*~]*", re.DOTALL)
_NAMES = (Scope.AUTHOR, Scope.SOURCE)
_AROUND_VALUES = ",.;:!?"


class Meaning(msgspec.Struct, frozen=True):
    """What a piece of the query asks.

    ``alone`` is its clause where it stands for itself; None where it asks nothing.
    A bare piece also joins the words around it in one optional group: it gives it ``group``,
    and ``stops``, its stop words, for the case that nothing else is asked.
    """

    alone: Clause | None
    group: tuple[Clause, ...] = ()
    stops: tuple[Clause, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it joins the optional group."""
        return bool(self.group or self.stops)


NOTHING = Meaning(None)


def word_meaning(lexeme: Lexeme, scope: Scope, most_forms: int, warn: Warn) -> Meaning:
    """Return what a typed word asks, looked for in *scope*; several tokens where it has them.

    With «~» it may stand for *most_forms* words of the index.
    """
    if lexeme.text.isalpha() and len(tokens := analyse_chunk(lexeme.text)) == 1:
        return _plain_meaning(tokens[0], scope, lexeme)
    pattern = _PATTERN.fullmatch(lexeme.text)
    text = pattern["word"] if pattern else lexeme.text
    if "*" in text:
        warn(f"{quoted(lexeme.text)}: l’asterisco vale solo in fine di parola.")
    places = _places(text)
    if not places:
        # A dash between two words is nothing to speak of; an emptied exclusion or field is.
        if lexeme.excluded or lexeme.scope or not all(map(_is_punctuation, text)):
            warn(f"{quoted(lexeme.text)} ignorato: non contiene parole.")
        return NOTHING
    asked: list[Clause] = [_word(first, scope) for first, *_ in places]
    if lexeme.opens:
        asked = [replace(word, capital=False) for word in asked if isinstance(word, Word)]
    stop = [first.stem is None for first, *_ in places]
    if pattern and (ending := _ending(pattern, places[-1][0].form, scope, most_forms, warn)):
        asked[-1], stop[-1] = ending, False
    content = [clause for clause, empty in zip(asked, stop, strict=True) if not empty]
    wholes = [_word(token, scope) for first, *others in places for token in _wider(first, others)]
    together = all_of(content or asked)
    if lexeme.excluded and len(content) > 1:
        together = _in_a_row(asked) or together
    return Meaning(
        alone=any_of([together, *wholes]),
        group=(*content, *wholes),
        stops=tuple(clause for clause, empty in zip(asked, stop, strict=True) if empty),
    )


def _plain_meaning(token: ChunkToken, scope: Scope, lexeme: Lexeme) -> Meaning:
    """Return what a word of letters alone asks, as nearly every one is."""
    word = _word(token, scope)
    if lexeme.opens and word.capital:
        word = replace(word, capital=False)
    return Meaning(word, (), (word,)) if token.stem is None else Meaning(word, (word,))


def phrase_meaning(lexeme: Lexeme, scope: Scope, warn: Warn) -> Meaning:
    """Return what a quoted phrase asks: these very forms in this order, stop words included."""
    words = [replace(_word(first, scope), stem=None) for first, *_ in _places(lexeme.text)]
    if not words:
        warn(f"{quoted(lexeme.text)} ignorato: non contiene parole.")
        return NOTHING
    return Meaning(_in_a_row(words))


def value_meaning(lexeme: Lexeme, field: Field, warn: Warn) -> Meaning:
    """Return what a word or phrase asks behind a *field* that is one value, or several."""
    word = lexeme.kind is Kind.WORD
    value = (lexeme.text.strip(_AROUND_VALUES) if word else lexeme.text).strip()
    if not value:
        warn(f"{quoted(lexeme.text)} ignorato: non contiene parole.")
        return NOTHING
    if word and _PATTERN.fullmatch(value):
        warn(f"{quoted(value)}: sezioni e argomenti si scrivono per intero, senza * e ~.")
    clause = Is(field, (value,))
    return Meaning(clause, (clause,))


def _places(text: str) -> list[list[Token]]:
    return [list(readings) for _, readings in groupby(analyse(text), lambda token: token.position)]


def _word(token: Token | ChunkToken, scope: Scope) -> Word:
    stem = None if scope in _NAMES else token.stem
    return Word(token.form, stem, scope, token.capital)


def _wider(first: Token, others: list[Token]) -> list[Token]:
    """Return the readings that take in more than the word itself: ivanofrankivsk of ivano."""
    return [token for token in others if token.end > first.end]


def _in_a_row(asked: Sequence[Clause]) -> Clause | None:
    words = tuple(clause for clause in asked if isinstance(clause, Word))
    if len(words) < len(asked):
        return None
    return words[0] if len(words) == 1 else Phrase(words, words[0].scope)


def _ending(
    pattern: re.Match[str], form: str, scope: Scope, most_forms: int, warn: Warn
) -> Clause | None:
    if len(fold(form)) < MIN_LETTERS:
        warn(f"{quoted(pattern.string)}: servono almeno {MIN_LETTERS} lettere, cercata la parola.")
        return None
    if pattern["mark"].startswith("*"):
        return Prefix(form, scope)
    edits = int(pattern["edits"] or 1)
    if edits > MAX_EDITS:
        warn(f"{quoted(pattern.string)}: al massimo ~{MAX_EDITS}, cercato così.")
    return Fuzzy(form, min(edits, MAX_EDITS), scope, most_forms) if edits else None


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZC"
