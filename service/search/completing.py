"""What a reader may be about to type: words of the index, names and titles that go on so.

«zel»            →  Zelensky                                       (a word, as it is mostly written)
«piano di pa»    →  piano di pace                                  (one that stands with the others)
«agen»           →  Agenzia DIRE                                   (a source or author)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Engine,
    Field,
    Phrase,
    Prefix,
    Query,
    Scope,
    Sort,
    Word,
)
from indexer.italian import Token, analyse, fold
from service.query import parse
from service.snippets import mark

_NAMES = {Field.SOURCE: Scope.SOURCE, Field.AUTHOR: Scope.AUTHOR}
_LOOKED_AT = 4  # times as many forms as wanted: some are stop words, some meet no other word


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
    return Completions(
        query=text,
        words=tuple(_words(engine, text, before, last, limit)),
        names=tuple(_names(engine, before, last))[:limit],
        titles=tuple(_titles(engine, before, last, limit)),
    )


def _words(
    engine: Engine, text: str, before: list[Token], last: Token, limit: int
) -> Iterator[CompletedWord]:
    begun = engine.forms_beginning(last.form, limit * _LOOKED_AT)
    forms = {form: count for form, count in begun.items() if _telling(form)}
    counts, side_by_side = tuple(forms.values()), (0,) * len(forms)
    if before:
        others = tuple(Word(token.form, token.stem) for token in before if token.stem)
        neighbour = Word(before[-1].form, before[-1].stem)
        counts = engine.holding([AllOf((*others, Word(form, None))) for form in forms])
        side_by_side = engine.holding([Phrase((neighbour, Word(form, None))) for form in forms])
    ranked = sorted(
        zip(side_by_side, counts, forms, strict=True), key=lambda c: (-c[0], -c[1], c[2])
    )
    for _, count, form in ranked[:limit]:
        if count:
            yield CompletedWord(text[: last.start] + _as_written(engine, form), count)


def _telling(form: str) -> bool:
    return any(token.stem for token in analyse(form))


def _as_written(engine: Engine, form: str) -> str:
    """Return *form* with the accents and capitals that an article writes it with."""
    page = engine.search(Query(Word(form, None)), limit=1)
    marks = parse(f'"{form}"').marks
    texts = [part for hit in page.hits for part in (hit.article.title, hit.article.text)]
    writings = Counter(
        marked.text[start:end]
        for marked in (mark(part, marks) for part in texts)
        for start, end in marked.marks
        if fold(marked.text[start:end]) == form
    )
    return max(writings, key=lambda word: (writings[word], word.islower()), default=form)


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
    engine: Engine, before: list[Token], last: Token, limit: int
) -> Iterator[CompletedTitle]:
    others = (Word(token.form, token.stem, Scope.TITLE) for token in before)
    clause = AllOf((*others, Prefix(last.form, Scope.TITLE)))
    query = Query(clause, Sort.NEWEST, texts=False)
    for hit in engine.search(query, limit=limit).hits:
        yield CompletedTitle(hit.article.id, hit.article.title)
