"""Print which word pairs meet, in Ritaglio and in the engines that pip can install, as Markdown.

    python -m benchmarks.pairs PAIRS > docs/word-pairs.md

PAIRS is a table with the columns query_word, document_word, should_match, source, kind, note. A
pair meets when a query for the one finds a text that holds nothing but the other. Pairs that
should not meet and do are no disaster where the exact form ranks first, as it does here.
Snowball stands for the engines that use it as it is: PostgreSQL, Xapian, Manticore, Typesense.
tantivy, with its Italian stemmer and stop words, has a column if it is installed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sqlite3
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import snowballstemmer

from benchmarks import given
from indexer.italian import analyse, fold, homographs

Meets = Callable[[str, str], bool]


class Pair(NamedTuple):
    """Two words, and whether a reader expects the one to find the other."""

    query: str
    text: str
    should: bool
    source: str
    kind: str


def read(path: Path) -> list[Pair]:
    """Return the pairs of the table *path*, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [Pair(one, two, should == "1", *more[:2]) for one, two, should, *more in rows]


def ritaglio(query: str, text: str) -> bool:
    seconds = {fold(form) for token in analyse(query) for form in homographs(token.form)}
    return bool((_terms(query) | seconds) & _terms(text))


def _terms(text: str) -> set[str]:
    tokens = analyse(text)
    said = [token for token in tokens if token.stem] or tokens
    return {token.stem for token in said if token.stem} | {fold(token.form) for token in said}


def snowball(query: str, text: str) -> bool:
    stem = snowballstemmer.stemmer("italian").stemWord
    return bool(stem(query.lower()) == stem(text.lower()))


def sqlite(query: str, text: str) -> bool:
    with sqlite3.connect(":memory:") as index:
        index.execute("create virtual table texts using fts5(text, tokenize='unicode61')")
        index.execute("insert into texts values (?)", (text,))
        quoted = '"{}"'.format(query.replace('"', '""'))
        return bool(index.execute("select 1 from texts where texts match ?", (quoted,)).fetchall())


def tantivy(query: str, text: str) -> bool:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for token_filter in (
        tantivy.Filter.lowercase(),
        tantivy.Filter.stopword("italian"),
        tantivy.Filter.stemmer("italian"),
    ):
        builder = builder.filter(token_filter)
    analyzer = builder.build()
    return bool({*analyzer.analyze(query)} & {*analyzer.analyze(text)})


ENGINES: dict[str, Meets] = {
    "Ritaglio": ritaglio,
    "Snowball": snowball,
    "SQLite FTS5": sqlite,
}
if find_spec("tantivy"):
    ENGINES["tantivy"] = tantivy


def by_kind(pairs: Sequence[Pair]) -> None:
    """Print how many pairs of each kind meet."""
    print("| kind | pairs |", *(f"{name} |" for name in ENGINES))
    print("|---|---|", *("---|" for _ in ENGINES))
    for should in (True, False):
        print("| **should meet** |" if should else "| **should not** |", "|" * len(ENGINES), "|")
        asked = [pair for pair in pairs if pair.should == should]
        for kind in [*dict.fromkeys(pair.kind for pair in asked), "all"]:
            of_kind = [pair for pair in asked if kind in (pair.kind, "all")]
            counts = [
                sum(meets(pair.query, pair.text) for pair in of_kind) for meets in ENGINES.values()
            ]
            print(f"| {kind} | {len(of_kind)} |", *(f"{count} |" for count in counts))


def each(pairs: Sequence[Pair]) -> None:
    """Print every pair, its source, and in which engines it meets."""
    print("| query | text | should meet |", *(f"{name} |" for name in ENGINES), "source |")
    print("|---|---|---|", *("---|" for _ in ENGINES), "---|")
    for pair in pairs:
        met = ["yes" if meets(pair.query, pair.text) else "–" for meets in ENGINES.values()]
        should = "yes" if pair.should else "no"
        cells = [pair.query, pair.text, should, *met, pair.source.replace("|", "/")]
        print("|", " | ".join(cells), "|")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("pairs", type=given.file)
    pairs = read(parser.parse_args().pairs)
    print("# Word pairs: which meet, which do not\n")
    print("Made by `benchmarks/pairs.py`; what meeting means stands there.\n")
    by_kind(pairs)
    if len(pairs) < 1000:
        print("\n## Each pair\n")
        each(pairs)
