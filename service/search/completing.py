"""What a reader may be about to type: words of the index, names and titles that go on so.

«zel»            →  Zelensky                                       (a word, as it is mostly written)
«piano di pa»    →  piano di pace                                  (one that stands with the others)
«agen»           →  Agenzia DIRE                                   (a source or author)

Whatever is offered is true: it finds something, and as many articles as it says hold all its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Clause,
    Engine,
    Field,
    Phrase,
    Prefix,
    Query,
    QueryTooBroad,
    Scope,
    Sort,
    Word,
)
from indexer.italian import Token, analyse, fold
from service.search.unfinished import Unfinished, read_unfinished
from service.search.written import as_written

_NAMES = {Field.SOURCE: Scope.SOURCE, Field.AUTHOR: Scope.AUTHOR}
_LOOKED_AT = 4  # times as many as wanted: forms that say nothing or meet no other, titles alike
_BESIDE = 16  # times as many, of which those are taken that stand beside the word before


@dataclass(frozen=True, slots=True)
class CompletedWord:
    """A whole query, and how many articles hold all its words."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class CompletedName:
    """A value of *field*, and how many articles have it."""

    text: str
    field: str
    count: int


@dataclass(frozen=True, slots=True)
class CompletedTitle:
    """An article."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completions:
    """What may be meant, the most frequent first; titles the newest first."""

    query: str
    words: tuple[CompletedWord, ...] = ()
    names: tuple[CompletedName, ...] = ()
    titles: tuple[CompletedTitle, ...] = ()


def complete(engine: Engine, text: str, limit: int) -> Completions:
    """Complete *text*, whose last word may be unfinished, in up to *limit* ways of each kind."""
    tokens = [token for token in analyse(text) if token.form]
    if not tokens:
        return Completions(query=text)
    last = tokens[-1]
    before = [token for token in tokens if token.end <= last.start]
    asked = read_unfinished(text[: last.start])
    if asked is None:
        return Completions(query=text)
    try:
        return Completions(
            query=text,
            words=tuple(_words(engine, text, asked, before, last, limit)),
            names=tuple(_names(engine, before, last))[:limit] if asked.plain else (),
            titles=tuple(_titles(engine, asked, before, last, limit)),
        )
    except QueryTooBroad:  # of a word with «~» before the last one
        return Completions(query=text)


def _words(
    engine: Engine, text: str, asked: Unfinished, before: list[Token], last: Token, limit: int
) -> Iterator[CompletedWord]:
    beside = before[-1] if before and isinstance(asked.piece, Word) else None
    begun = engine.forms_beginning(last.form, limit * (_BESIDE if beside else _LOOKED_AT))
    forms = {form: count for form, count in begun.items() if _telling(form)}
    side_by_side = dict.fromkeys(forms, 0)
    if beside:
        pairs = [Phrase((Word(beside.form, beside.stem), Word(form, None))) for form in forms]
        side_by_side = dict(zip(forms, engine.holding(pairs), strict=True))
        if beside.end == last.start:  # behind an apostrophe stands what stands there elsewhere
            forms = {form: count for form, count in forms.items() if side_by_side[form]}
        likely = sorted(forms, key=lambda form: -side_by_side[form])[: limit * _LOOKED_AT]
        forms = {form: forms[form] for form in likely}
    if asked.others or not asked.plain:
        found = engine.holding([asked.finished(form) for form in forms])
        forms = dict(zip(forms, found, strict=True))
    ranked = sorted(forms, key=lambda form: (-side_by_side[form], -forms[form], form))
    for form in ranked[:limit]:
        if forms[form]:
            written = as_written(engine, Word(form, None))
            yield CompletedWord(f"{text[: last.start]}{written}{asked.closing}", forms[form])


def _telling(form: str) -> bool:
    return any(token.stem for token in analyse(form))


def _names(engine: Engine, before: list[Token], last: Token) -> Iterator[CompletedName]:
    clause = AnyOf(tuple(Prefix(last.form, scope) for scope in _NAMES.values()))
    page = engine.search(Query(clause, Sort.NEWEST, tuple(_NAMES)), limit=0)
    start, others = fold(last.form), {fold(token.form) for token in before}
    found = [
        (count, value, name) for name, values in page.facets.items() for value, count in values
    ]
    for count, value, name in sorted(found, key=lambda each: (-each[0], each[1])):
        words = {fold(token.form) for token in analyse(value)}
        if others <= words and any(word.startswith(start) for word in words):
            yield CompletedName(value, name, count)


def _titles(
    engine: Engine, asked: Unfinished, before: list[Token], last: Token, limit: int
) -> Iterator[CompletedTitle]:
    if asked.plain:
        others: tuple[Clause, ...] = tuple(
            Word(token.form, token.stem, Scope.TITLE) for token in before
        )
    elif isinstance(asked.piece, Word) and asked.piece.scope in (Scope.ARTICLE, Scope.TITLE):
        others = asked.others
    else:
        return
    clause = AllOf((*others, Prefix(last.form, Scope.TITLE)))
    query = Query(clause, Sort.NEWEST, texts=False)
    titles: dict[str, str] = {}
    for hit in engine.search(query, limit=limit * _LOOKED_AT).hits:  # several may have the same
        titles.setdefault(hit.article.title, hit.article.id)
    for title, article_id in list(titles.items())[:limit]:
        yield CompletedTitle(article_id, title)
