"""Whoosh as its documentation shows it, with its own Italian analyser, parser and highlighter.

A commit of stock Whoosh is not synced to the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import whoosh
from whoosh import fields, index, query
from whoosh.analysis import LanguageAnalyzer
from whoosh.highlight import HtmlFormatter
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines import Answer
from benchmarks.speed.questions import Kind, Question
from indexer.articles import Article


class Contestant:
    """A stock index in a folder."""

    version = whoosh.versionstring()

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "stock"
        self._index: index.FileIndex
        self._searcher: whoosh.searching.Searcher

    def index(self, corpus: Corpus, jobs: int) -> None:
        """Make the index."""
        self._folder.mkdir(parents=True)
        writer = index.create_in(str(self._folder), _schema()).writer(limitmb=128, procs=jobs)
        for article in corpus.read():
            writer.add_document(**_entry(article))
        writer.commit()

    def open(self) -> None:
        """Open the index."""
        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Let go of the index."""
        self._searcher.close()
        self._index.close()

    def segments(self) -> int:
        """Return the number of segments."""
        return sum(1 for _ in self._searcher.reader().leaf_readers())

    def prepare(self, question: Question) -> Callable[[], Answer]:
        """Return what asks *question*."""
        if question.kind is Kind.PAGE:
            return lambda: self._page(question.text)
        asked = _parse(question, self._index.schema)
        options = {}
        if question.kind is Kind.FILTERED:
            days = (datetime.combine(day, time()) for day in (question.first, question.last))
            sources = [query.Term("source", source) for source in question.sources]
            options["filter"] = query.And([query.DateRange("date", *days), query.Or(sources)])
        if question.kind is Kind.NEWEST:
            options |= {"sortedby": "date", "reverse": True}
        return lambda: self._answer(asked, options)

    def put(self, article: Article) -> None:
        """Add or replace one article."""
        writer = self._index.writer()
        writer.update_document(**_entry(article))
        writer.commit()
        self._searcher = self._index.searcher()

    def text_of(self, article_id: str) -> str | None:
        """Return the text of an article."""
        found = self._searcher.document(id=article_id)
        return found["text"] if found else None

    def _answer(self, asked: query.Query, options: dict[str, object]) -> Answer:
        results = self._searcher.search(asked, limit=10, **options)
        return Answer(len(results), tuple(hit["id"] for hit in results))

    def _page(self, text: str) -> Answer:
        parsed = _parse(Question(Kind.OR, tuple(text.split())), self._index.schema)
        results = self._searcher.search(parsed, limit=10)
        results.formatter = HtmlFormatter(tagname="mark")
        shown = [
            (hit["id"], hit.highlights("title", minscore=0), hit.highlights("text", top=1))
            for hit in results
        ]
        return Answer(len(results), tuple(each[0] for each in shown))


def _parse(question: Question, schema: fields.Schema) -> query.Query:
    conjunction = question.kind in (Kind.AND2, Kind.AND3)
    parser = MultifieldParser(
        ["title", "text"],
        schema,
        fieldboosts={"title": 2.0},
        group=AndGroup if conjunction else OrGroup,
    )
    match question.kind:
        case Kind.PHRASE:
            return parser.parse(f'"{question.text}"')
        case Kind.PREFIX:
            return parser.parse(f"{question.text}*")
        case _:
            return parser.parse(question.text)


def _schema() -> fields.Schema:
    italian = LanguageAnalyzer("it")
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(italian, stored=True),
        text=fields.TEXT(italian, stored=True),
        source=fields.ID(stored=True),
        date=fields.DATETIME(stored=True, sortable=True),
    )


def _entry(article: Article) -> dict[str, object]:
    day = date.fromisoformat(article.date) if article.date else None
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "date": datetime.combine(day, time()) if day else None,
    }
