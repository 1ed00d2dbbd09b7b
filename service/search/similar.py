"""Articles that tell of the same: those that share an article's most telling words.

    words     of title and text, without stop words, a word in all its inflections
    telling   often here, seldom elsewhere
    search    any of the dozen most telling, each by how often it stands here
    reasons   which of them the other article holds

Lexical and without a model: what is called similar can be read off the reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from time import perf_counter
from typing import NamedTuple

from indexer.articles import Article
from indexer.engines import ranking
from indexer.engines.contract import EVERYTHING, AnyOf, Engine, Hit, Query, Scope, Word
from indexer.italian import Token, analyse, fold
from service.snippets.finding import find
from service.snippets.sought import seek

TERMS = 12
CANDIDATES = 100  # the most frequent ones of a long article
LEAST = 0.15  # of what the article itself scores: below, two words are shared by chance
REASONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArticle:
    """An article like another; ``similarity`` is above 0, and 1 for the same words.

    ``reasons`` are the telling words they share, as the first one writes them.
    """

    id: str
    title: str
    date: str | None
    source: str | None
    author: str | None
    section: str | None
    tags: tuple[str, ...]
    url: str | None
    similarity: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """The articles like the one with *id*, the most similar first."""

    id: str
    took_ms: float
    results: tuple[SimilarArticle, ...]


class _Telling(NamedTuple):
    word: Word
    written: str
    merit: float


def similar(engine: Engine, article_id: str, limit: int) -> Similar | None:
    """Return at most *limit* articles like the one with this id; None where there is none."""
    started = perf_counter()
    stored = engine.get(article_id)
    if stored is None:
        return None
    terms = _telling(engine, stored.article)
    query = Query(AnyOf(tuple(term.word for term in terms)))
    hits = engine.search(query, limit=limit + 1).hits
    own = max((hit.score for hit in hits), default=0.0)
    results = [
        _result(hit, own, reasons)
        for hit in hits
        if hit.article.id != article_id
        and hit.score >= LEAST * own
        and len(reasons := _reasons(hit.article, terms)) >= min(2, len(terms))
    ]
    return Similar(
        id=article_id,
        took_ms=round((perf_counter() - started) * 1000, 1),
        results=tuple(results[:limit]),
    )


def _telling(engine: Engine, article: Article) -> list[_Telling]:
    """Return the most telling words of *article*, the first of them the most telling."""
    times: Counter[str] = Counter()
    forms: dict[str, Counter[tuple[str, str, bool]]] = {}
    for token, written, counts in _words(article):
        assert token.stem is not None
        times[token.stem] += counts
        forms.setdefault(token.stem, Counter())[token.form, written, token.capital] += 1
    (articles,) = engine.holding([EVERYTHING])
    found = []
    for stem, frequency in times.most_common(CANDIDATES):
        form, written, capital = forms[stem].most_common(1)[0][0]
        holding = engine.forms_near(form, 0).get(fold(form), 0)
        if holding < 2:  # none but this one
            continue
        # Below 1: words that tell stand here and there, none is another one's neighbour.
        weight = 0.99 * ranking.weight(frequency, 1.0)
        word = Word(form, stem, Scope.ARTICLE, capital, weight)
        found.append(_Telling(word, written, weight * ranking.idf(articles, holding)))
    return sorted(found, key=lambda term: -term.merit)[:TERMS]


def _words(article: Article) -> Iterator[tuple[Token, str, int]]:
    """Yield the words with a stem, each once a place, as written, and what it counts."""
    for text, counts in ((article.own_title, int(ranking.TITLE)), (article.text, 1)):
        position = -1
        for token in analyse(text):
            if token.position != position and token.stem and any(map(str.isalpha, token.form)):
                yield token, text[token.start : token.end], counts
            position = token.position


def _reasons(article: Article, terms: list[_Telling]) -> tuple[str, ...]:
    marks = tuple(term.word for term in terms)
    parts = ((article.own_title, Scope.TITLE), (article.text, Scope.TEXT))
    held = set(chain(*([m.term for m in find(text, seek(marks, s))] for text, s in parts)))
    return tuple(terms[number].written for number in sorted(held))


def _result(hit: Hit, own: float, reasons: tuple[str, ...]) -> SimilarArticle:
    article = hit.article
    return SimilarArticle(
        id=article.id,
        title=article.title,
        date=article.date,
        source=article.source,
        author=article.author,
        section=article.section,
        tags=article.tags,
        url=article.url,
        similarity=round(hit.score / own, 3),
        reasons=reasons[:REASONS],
    )
