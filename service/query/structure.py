"""What holds the lexemes of a query together: parentheses in pairs, operators between operands.

«E», «O» and «NON» are words as well («vitamina E»): only their place tells. What pairs with nothing
or joins nothing is no operator and no parenthesis.
"""

from __future__ import annotations

from msgspec.structs import replace

from service.query.lexer import Kind, Lexeme, Warn, quoted

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
_SENTENCE = 4  # of so many words the first may have its capital from its place alone


def structured(lexemes: list[Lexeme], warn: Warn) -> list[Lexeme]:
    """Return *lexemes* with every parenthesis in a pair and every operator between operands.

    The word that opens a sentence, where there is one, is marked.
    """
    return _opened(_joined(_paired(lexemes, warn), warn))


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
    for place in reversed(opened):
        warn("Parentesi senza coppia ignorata.")
        opening = kept.pop(place)
        if place < len(kept):
            kept[place] = _behind(opening, kept[place])
    return kept


def _behind(opening: Lexeme, lexeme: Lexeme) -> Lexeme:
    """Return *lexeme* with the field and the exclusion of the parenthesis dropped before it."""
    scope, excluded = lexeme.scope or opening.scope, lexeme.excluded or opening.excluded
    return replace(lexeme, scope=scope, excluded=excluded)


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
        replace(lexeme, excluded=True) if before.kind is Kind.NOT else lexeme
        for before, lexeme in zip([Lexeme(Kind.OPEN), *joined], joined, strict=False)
        if lexeme.kind is not Kind.NOT
    ]


def _opened(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Mark the first of so many words that they are a sentence, and all of one in capitals."""
    words = [lexeme.text for lexeme in lexemes if lexeme.kind is Kind.WORD]
    if len(words) < _SENTENCE or lexemes[0].kind is not Kind.WORD:
        return lexemes
    opening = len(lexemes) if all(map(_in_capitals, words)) else 1
    return [
        replace(lexeme, opens=True) if place < opening and lexeme.kind is Kind.WORD else lexeme
        for place, lexeme in enumerate(lexemes)
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
