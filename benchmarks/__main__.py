"""How fast is it here: articles indexed per second, milliseconds per search.

    python -m benchmarks                2,000 articles made of the sentences of seeds/
    python -m benchmarks PATH…          these files and folders instead

Each query is asked of the open engine, snippets included and HTTP excluded, after one round that
is not counted. Committed runs stand in benchmarks/runs/DATE-MACHINE.txt.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from indexer.articles import Article
from indexer.articles.reading import read_articles
from indexer.engines import open_engine
from indexer.engines.contract import Engine
from service.search import SearchRequest, search

SEEDS = Path(__file__).parents[1] / "seeds"
ROUNDS = 50
QUERIES = (
    "piano di pace",
    "ucraini",
    '"Wall Street Journal"',
    "Zelensky -Istanbul",
    "titolo:guerra presidente",
    "dal:2025-11-01 al:2025-11-30 accordo",
    "il presidente della repubblica e gli accordi con la Russia",
    "ucrain*",
)


def main(paths: list[str]) -> None:
    articles = list(read_articles(paths or [SEEDS], on_error=print))
    if not paths:
        articles = list(_shuffled(articles, 2_000))
    letters = sum(len(article.text) for article in articles)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"whoosh://{folder}/index", create=True)
        started = perf_counter()
        engine.write(articles)
        seconds = perf_counter() - started
        stats = engine.stats()
        print(
            f"indexing   {len(articles)} articles, {letters / 1e6:.1f} million characters: "
            f"{seconds:.1f} s, {len(articles) / seconds:.0f} articles/s, "
            f"{stats.bytes / 1e6:.1f} MB on disk"
        )
        print("searching  median   p95 (ms)   found")
        for query in QUERIES:
            request = SearchRequest(q=query)
            found = search(engine, request).total
            times = sorted(_milliseconds(engine, request) for _ in range(ROUNDS))
            slow = quantiles(times, n=20)[-1]
            print(f"         {median(times):8.1f} {slow:8.1f} {found:9d}   {query}")
        engine.close()


def _shuffled(articles: list[Article], count: int) -> Iterator[Article]:
    sentences = [part for article in articles for part in article.text.split(". ")]
    chance = random.Random(28)
    for number in range(count):
        title, *text = chance.choices(sentences, k=11)
        yield Article(
            id=f"{number}",
            title=" ".join(title.split()[:12]),
            text=". ".join(text),
            date=f"2025-11-{1 + number % 30:02}",
        )


def _milliseconds(engine: Engine, request: SearchRequest) -> float:
    started = perf_counter()
    search(engine, request)
    return (perf_counter() - started) * 1_000


if __name__ == "__main__":
    main(sys.argv[1:])
