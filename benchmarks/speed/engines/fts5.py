"""SQLite FTS5, without stems: it has none for Italian. Its snippets are not escaped."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.engines import Answer
from benchmarks.speed.questions import Kind, Question
from indexer.articles import Article

_SCHEMA = """
create table articles(rowid integer primary key, id text unique, date text, source text);
create index dates on articles(date);
create index sources on articles(source);
create virtual table words using fts5(
    title, text, tokenize = "unicode61 remove_diacritics 2"
);
insert into words(words, rank) values ('rank', 'bm25(2.0, 1.0)');
"""
_MATCHING = "from words join articles on articles.rowid = words.rowid where words match ?"
_PAGE = f"""
select id, date, source, title, highlight(words, 0, '<mark>', '</mark>'),
    snippet(words, 1, '<mark>', '</mark>', '…', 32)
{_MATCHING} order by rank limit 10
"""


class Contestant:
    """One file, written ahead and synced at every commit."""

    version = sqlite3.sqlite_version

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "fts5"
        self._file: sqlite3.Connection

    def index(self, corpus: Corpus, jobs: int) -> None:
        """Make the index; SQLite writes with one thread whatever *jobs* says."""
        self._folder.mkdir(parents=True)
        self.open()
        self._file.executescript(_SCHEMA)
        self._file.execute("begin")
        for article in corpus.read():
            self._add(article)
        self._file.execute("commit")
        self._file.execute("insert into words(words) values ('optimize')")
        self.close()

    def open(self) -> None:
        """Open the file."""
        self._file = sqlite3.connect(self._folder / "articles.db", isolation_level=None)
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("pragma synchronous = full")

    def close(self) -> None:
        """Close the file, which folds the log into it."""
        self._file.close()

    def segments(self) -> int:
        """Return one: the index was optimized."""
        return 1

    def prepare(self, question: Question) -> Callable[[], Answer]:
        """Return what asks *question*."""
        match question.kind:
            case Kind.AND2 | Kind.AND3:
                words = " ".join(question.words)
            case Kind.PHRASE:
                words = f'"{question.text}"'
            case Kind.PREFIX:
                words = f"{question.text}*"
            case _:
                words = " OR ".join(f'"{word}"' for word in question.words)
        where, values = "", [words]
        if question.kind is Kind.FILTERED:
            places = ",".join("?" * len(question.sources))
            where = f" and date between ? and ? and source in ({places})"
            values += [question.first.isoformat(), question.last.isoformat(), *question.sources]
        count = f"select count(*) {_MATCHING}{where}"
        if not where:
            count = "select count(*) from words where words match ?"
        order = "date desc" if question.kind is Kind.NEWEST else "rank"
        best = f"select id {_MATCHING}{where} order by {order} limit 10"
        if question.kind is Kind.PAGE:
            best = _PAGE
        return lambda: self._answer(count, best, values)

    def put(self, article: Article) -> None:
        """Add or replace one article."""
        self._file.execute("begin")
        for (row,) in self._file.execute("select rowid from articles where id = ?", [article.id]):
            self._file.execute("delete from words where rowid = ?", [row])
            self._file.execute("delete from articles where rowid = ?", [row])
        self._add(article)
        self._file.execute("commit")

    def text_of(self, article_id: str) -> str | None:
        """Return the text of an article."""
        found = self._file.execute(
            "select text from words where rowid = (select rowid from articles where id = ?)",
            [article_id],
        ).fetchone()
        return found[0] if found else None

    def _add(self, article: Article) -> None:
        row = self._file.execute(
            "insert into articles(id, date, source) values (?, ?, ?)",
            [article.id, article.date, article.source],
        ).lastrowid
        self._file.execute(
            "insert into words(rowid, title, text) values (?, ?, ?)",
            [row, article.title, article.text],
        )

    def _answer(self, count: str, best: str, values: list[str]) -> Answer:
        (total,) = self._file.execute(count, values).fetchone()
        return Answer(total, tuple(row[0] for row in self._file.execute(best, values)))
