"""Do readers find what they look for? Judged queries over whole corpora, a line of figures per set.

    python -m benchmarks.relevance DATA [SET…] [--index 'opensearch://…/{}']

DATA holds folders, each a set: corpus.jsonl.gz, queries.jsonl.gz (id, text), qrels.tsv (query,
article, 1). MRR@10 is the mean of 1 / rank of the first wanted article among the first ten.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from benchmarks import given
from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest, search

SETS = ("squadit", "qa4faq", "dice", "d365", "cad")
LUCENE = {"squadit": 0.791, "qa4faq": 0.456, "dice": 0.695, "d365": 0.629, "cad": 0.651}
"""MRR@10 of Lucene 9.9.1's ItalianAnalyzer, BM25, one field, on the sets of these names."""

FIRST = 10
FILES = CORPUS, QUERIES, JUDGMENTS = "corpus.jsonl.gz", "queries.jsonl.gz", "qrels.tsv"


class Judged(NamedTuple):
    """A query, and the ids of the articles that answer it."""

    text: str
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of queries scored; shares from 0 to 1."""

    queries: int
    mrr: float
    success: float  # the first article is a wanted one
    recall: float  # wanted articles among the first ten


def read_queries(folder: Path) -> list[Judged]:
    """Return the queries of a set that have a judgment, in the order of their file."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for line in (folder / JUDGMENTS).read_text(encoding="utf-8").splitlines():
        query, article, judgment = line.split("\t")
        if judgment != "0":
            wanted[query].add(article)
    rows = _lines(folder / QUERIES)
    return [Judged(row["text"], frozenset(wanted[row["id"]])) for row in rows if wanted[row["id"]]]


def read_corpus(folder: Path) -> Iterator[Article]:
    """Yield the articles of a set."""
    for row in _lines(folder / CORPUS):
        yield Article(id=row["id"], title=row["title"], text=row["text"])


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def expect(data: Path, sets: Iterable[str]) -> None:
    """End the program with a sentence where a file of the *sets* is not in *data*."""
    for path in (data / name / file for name in sets for file in FILES):
        if not path.is_file():
            sys.exit(f"{path} is not there, and each set is a folder of {', '.join(FILES)}.")


def measure(engine: Engine, queries: Iterable[Judged]) -> Figures:
    """Ask *engine* all *queries*."""
    return summed([_rank(engine, query) for query in queries])


class Answer(NamedTuple):
    """The place of the first wanted article, 0 for none; how much of the wanted is there."""

    rank: int
    recall: float


def _rank(engine: Engine, query: Judged) -> Answer:
    request = SearchRequest(q=query.text, limit=FIRST, snippets=0)
    there = [result.id in query.wanted for result in search(engine, request).results]
    return Answer(there.index(True) + 1 if True in there else 0, sum(there) / len(query.wanted))


def summed(answers: Sequence[Answer]) -> Figures:
    """Return the figures of *answers*."""
    return Figures(
        len(answers),
        fmean(1 / answer.rank if answer.rank else 0 for answer in answers),
        fmean(answer.rank == 1 for answer in answers),
        fmean(answer.recall for answer in answers),
    )


def main() -> None:
    """Print a line per set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument(
        "--index", metavar="URL", help="where the indexes are made, {} standing for the set's name"
    )
    parser.add_argument("--queries", type=int, help="ask so many of each set")
    arguments = parser.parse_args()
    expect(arguments.data, arguments.sets)
    print("set       queries  MRR@10  Lucene  first  recall@10")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.sets:
            url = (arguments.index or f"whoosh:{folder}/{{}}").format(name)
            engine = given.engine(url, create=True)
            engine.write(read_corpus(arguments.data / name))
            own = measure(engine, read_queries(arguments.data / name)[: arguments.queries])
            engine.close()
            print(
                f"{name:<9}{own.queries:>8}{own.mrr:>8.3f}{LUCENE.get(name, float('nan')):>8.3f}"
                f"{own.success:>7.3f}{own.recall:>11.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
