"""Clauses from text, as short as the tests want to write them."""

from __future__ import annotations

from indexer.engines.contract import AnyOf, Clause, Engine, Phrase, Query, Scope, Sort, Word
from indexer.italian import analyse


def words(text: str, scope: Scope = Scope.ARTICLE) -> tuple[Word, ...]:
    return tuple(Word(t.form, t.stem, scope, t.capital) for t in analyse(text))


def word(text: str, scope: Scope = Scope.ARTICLE) -> Word:
    (only,) = words(text, scope)
    return only


def any_of(text: str) -> AnyOf:
    return AnyOf(words(text))


def phrase(text: str, scope: Scope = Scope.ARTICLE) -> Phrase:
    return Phrase(words(text), scope)


def found(engine: Engine, clause: Clause) -> set[str]:
    """All articles for which *clause* holds; the total must say the same."""
    page = engine.search(Query(clause), limit=10_000)
    ids = [hit.article.id for hit in page.hits]
    assert len(set(ids)) == len(ids) == page.total
    return set(ids)


def ranked(engine: Engine, clause: Clause, sort: Sort = Sort.RELEVANCE) -> list[str]:
    return [hit.article.id for hit in engine.search(Query(clause, sort), limit=10_000).hits]
