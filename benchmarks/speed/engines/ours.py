"""Ritaglio as the service uses it: the default engine and the default ranking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines import Answer
from benchmarks.speed.questions import Kind, Question
from indexer.articles import Article, ArticleError
from indexer.articles.reading import Reading
from indexer.engines import open_engine
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Engine,
    Field,
    Is,
    Phrase,
    Prefix,
    Query,
    Sort,
    Word,
)
from indexer.italian import CHAIN, analyse
from service.search import SearchRequest, search


def _refuse(error: ArticleError) -> None:
    raise error


class Contestant:
    """The engine contract, and the service's search over it."""

    version = f"chain {CHAIN}"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "ours"
        self._engine: Engine

    def index(self, corpus: Corpus, jobs: int) -> None:
        """Make the index as `python -m indexer add` does."""
        engine = open_engine(f"whoosh:{self._folder}", create=True, jobs=jobs)
        engine.write(Reading([corpus.path], _refuse))
        engine.close()

    def open(self) -> None:
        """Open the index."""
        self._engine = open_engine(f"whoosh:{self._folder}")

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()

    def segments(self) -> int:
        """Return the number of segment files."""
        return len(list(self._folder.glob("*.seg")))

    def prepare(self, question: Question) -> Callable[[], Answer]:
        """Return what asks *question*."""
        if question.kind is Kind.PAGE:
            request = SearchRequest(q=question.text)
            return lambda: self._page(request)
        sort = Sort.NEWEST if question.kind is Kind.NEWEST else Sort.RELEVANCE
        query = Query(_clause(question), sort, texts=False)
        return lambda: self._answer(query)

    def put(self, article: Article) -> None:
        """Add or replace one article."""
        self._engine.write([article])

    def text_of(self, article_id: str) -> str | None:
        """Return the text of an article."""
        stored = self._engine.get(article_id)
        return stored.article.text if stored else None

    def _answer(self, query: Query) -> Answer:
        page = self._engine.search(query)
        return Answer(page.total, tuple(hit.article.id for hit in page.hits))

    def _page(self, request: SearchRequest) -> Answer:
        results = search(self._engine, request)
        return Answer(results.total, tuple(result.id for result in results.results))


def _clause(question: Question) -> Clause:
    # Of a word with several readings, such as «AgID», the word as written.
    tokens = [analyse(word)[0] for word in question.words]
    words = tuple(Word(token.form, token.stem, capital=token.capital) for token in tokens)
    match question.kind:
        case Kind.AND2 | Kind.AND3:
            return AllOf(words)
        case Kind.PHRASE:
            return Phrase(words)
        case Kind.PREFIX:
            return Prefix(question.words[0])
        case Kind.FILTERED:
            return AllOf(
                (
                    AnyOf(words),
                    Between(question.first, question.last),
                    Is(Field.SOURCE, question.sources),
                )
            )
        case _:
            return AnyOf(words)
