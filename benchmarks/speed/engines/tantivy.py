"""tantivy-py with its Italian stemmer and stop words, its own parser, ranking and snippets.

Its terms are stems only, where ours are stems and forms. Memory for writing is what tantivy-py
takes by default, for each thread. A prefix is asked in the quickest of the ways there are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines import Answer
from benchmarks.speed.questions import Kind, Question
from indexer.articles import Article

_HEAP = 128_000_000  # bytes per thread
_FIELDS = ["title", "text"]
_BOOSTS = {"title": 2.0}
_SNIPPET = 200  # characters


class Contestant:
    """An index in a folder, its writer opened at the first change."""

    version = tantivy.__version__.split(",")[0].removeprefix("tantivy v")

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tantivy"
        self._index: tantivy.Index
        self._searcher: tantivy.Searcher
        self._writer: tantivy.IndexWriter | None = None

    def index(self, corpus: Corpus, jobs: int) -> None:
        """Make the index, its merges awaited."""
        self._folder.mkdir(parents=True)
        index = tantivy.Index(_schema(), str(self._folder))
        index.register_tokenizer("italian", _italian())
        writer = index.writer(heap_size=_HEAP * jobs, num_threads=jobs)
        for article in corpus.read():
            writer.add_document(_entry(article))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open the index."""
        self._index = tantivy.Index.open(str(self._folder))
        self._index.register_tokenizer("italian", _italian())
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Let go of the index."""
        self._writer = None
        del self._searcher, self._index

    def segments(self) -> int:
        """Return the number of segments."""
        return self._searcher.num_segments

    def prepare(self, question: Question) -> Callable[[], Answer]:
        """Return what asks *question*."""
        if question.kind is Kind.PAGE:
            return lambda: self._page(question.text)
        query = self._query(question)
        order = "date" if question.kind is Kind.NEWEST else None
        return lambda: self._answer(query, order)

    def put(self, article: Article) -> None:
        """Add or replace one article."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        self._writer.delete_documents_by_term("id", article.id)
        self._writer.add_document(_entry(article))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def text_of(self, article_id: str) -> str | None:
        """Return the text of an article."""
        query = Query.term_query(self._index.schema, "id", article_id)
        for _, address in self._searcher.search(query, 1).hits:
            return str(self._searcher.doc(address).get_first("text"))
        return None

    def _query(self, question: Question) -> Query:
        schema, text = self._index.schema, question.text
        match question.kind:
            case Kind.AND2 | Kind.AND3:
                return self._index.parse_query(text, _FIELDS, _BOOSTS, conjunction_by_default=True)
            case Kind.PHRASE:
                return self._index.parse_query(f'"{text}"', _FIELDS, _BOOSTS)
            case Kind.PREFIX:
                either = [
                    (Occur.Should, Query.phrase_prefix_query(schema, field, [text]))
                    for field in _FIELDS
                ]
                return Query.boolean_query(either)
            case Kind.FILTERED:
                dates = Query.range_query(
                    schema,
                    "date",
                    tantivy.FieldType.Date,
                    _midnight(question.first),
                    _midnight(question.last),
                )
                sources = Query.term_set_query(schema, "source", question.sources)
                return Query.boolean_query(
                    [
                        (Occur.Must, self._index.parse_query(text, _FIELDS, _BOOSTS)),
                        (Occur.Must, Query.const_score_query(dates, 0.0)),
                        (Occur.Must, Query.const_score_query(sources, 0.0)),
                    ]
                )
            case _:
                return self._index.parse_query(text, _FIELDS, _BOOSTS)

    def _answer(self, query: Query, order: str | None) -> Answer:
        searcher = self._searcher
        found = searcher.search(query, 10, count=True, order_by_field=order)
        ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in found.hits)
        return Answer(found.count, ids)

    def _page(self, text: str) -> Answer:
        searcher, schema = self._searcher, self._index.schema
        query, _errors = self._index.parse_query_lenient(text, _FIELDS, _BOOSTS)
        found = searcher.search(query, 10, count=True)
        in_text = tantivy.SnippetGenerator.create(searcher, query, schema, "text")
        in_text.set_max_num_chars(_SNIPPET)
        in_title = tantivy.SnippetGenerator.create(searcher, query, schema, "title")
        results = []
        for score, address in found.hits:
            entry = searcher.doc(address)
            results.append(
                {
                    "id": entry.get_first("id"),
                    "title": entry.get_first("title"),
                    "title_html": in_title.snippet_from_doc(entry).to_html(),
                    "date": entry.get_first("date"),
                    "source": entry.get_first("source"),
                    "score": score,
                    "snippet": in_text.snippet_from_doc(entry).to_html(),
                }
            )
        return Answer(found.count, tuple(result["id"] for result in results))


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("title", stored=True, tokenizer_name="italian")
    schema.add_text_field("text", stored=True, tokenizer_name="italian")
    schema.add_text_field("source", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_date_field("date", stored=True, indexed=True, fast=True)
    return schema.build()


def _italian() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("italian"))
        .filter(tantivy.Filter.stemmer("italian"))
        .build()
    )


def _entry(article: Article) -> tantivy.Document:
    entry = tantivy.Document()
    entry.add_text("id", article.id)
    entry.add_text("title", article.title)
    entry.add_text("text", article.text)
    if article.source:
        entry.add_text("source", article.source)
    if article.date:
        entry.add_date("date", _midnight(date.fromisoformat(article.date)))
    return entry


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
