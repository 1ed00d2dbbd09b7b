"""The same articles on both engines and in OpenSearch's own way: loading, pages, bytes.

    python -m tests.engines.opensearch.cluster                      starts a cluster, tells its URL
    python -m benchmarks.opensearch URL [--articles-count 20000]    URL with {} for a name

Pages of both engines are asked of our service, one worker; OpenSearch itself of its REST, with its
`italian` analyser, BM25 over title and text, and its unified highlighter. One client asks one page
after the other, never the same twice. Where other programs run, only ratios within a run are safe.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from benchmarks import given
from benchmarks.speed.corpus import Corpus, obtain
from benchmarks.speed.over_http import served
from benchmarks.speed.questions import Drawing, Kind
from indexer.engines import open_engine
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import parse
from indexer.engines.opensearch.connection import Connection

PAGES, WARMING = 300, 50
AT_ONCE = 500
TITLE = 2


class Own:
    """OpenSearch as its manual shows it."""

    def __init__(self, url: str) -> None:
        """Make an empty index at *url*."""
        self.connection = Connection(parse(url))
        self.name = self.connection.address.name
        fields = {"type": "text", "analyzer": "italian"}
        self.connection.ask(
            "PUT",
            f"/{self.name}",
            {
                "settings": {
                    "number_of_shards": self.connection.address.shards,
                    "auto_expand_replicas": "0-1",
                    "refresh_interval": "-1",
                },
                "mappings": {"properties": {"title": fields, "text": fields}},
            },
        )

    def load(self, corpus: Corpus) -> None:
        """Index all articles."""
        articles = corpus.read()
        while some := list(islice(articles, AT_ONCE)):
            lines: list[object] = []
            for article in some:
                lines += [
                    {"index": {"_index": self.name, "_id": article.id}},
                    {"title": article.title, "text": article.text, "date": article.date},
                ]
            if self.connection.lines("/_bulk", lines)["errors"]:
                raise SystemExit("OpenSearch refused an article")
        self.connection.ask("POST", f"/{self.name}/_refresh")

    def page(self, words: str) -> None:
        """Ask a page of ten with its highlights."""
        self.connection.ask(
            "POST",
            f"/{self.name}/_search",
            {
                "query": {"multi_match": {"query": words, "fields": [f"title^{TITLE}", "text"]}},
                "track_total_hits": True,
                "highlight": {"type": "unified", "fields": {"text": {"number_of_fragments": 1}}},
            },
        )

    def bytes(self) -> int:
        """Return the room that all copies take."""
        stats = self.connection.ask("GET", f"/{self.name}/_stats/store")
        return int(stats["_all"]["total"]["store"]["size_in_bytes"])


def asked(page: Callable[[str], None], questions: list[str]) -> str:
    """Return the median and the 95th percentile of pages, in milliseconds."""
    took = []
    for number, words in enumerate(questions):
        start = time.perf_counter()
        page(words)
        if number >= WARMING:
            took.append(1_000 * (time.perf_counter() - start))
    cuts = quantiles(took, n=20)
    return f"{cuts[9]:10.1f}{cuts[18]:10.1f}{1_000 * len(took) / sum(took):10.1f}"


def of_service(url: str, questions: list[str]) -> str:
    """Return the figures of pages that our service answers from the index at *url*."""
    with served("service", 1, url) as (address, _):

        def page(words: str) -> None:
            with urllib.request.urlopen(f"{address}/search?q={quote(words)}") as answer:
                assert json.load(answer)["results"]

        return asked(page, questions)


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("--articles-count", type=int, default=20_000)
    parser.add_argument("--articles", type=given.file, help="JSON Lines instead of generated ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if "{}" not in options.url:
        parser.error("URL needs {} in place of a name")
    try:
        own = Own(options.url.format(f"bench-own-{time.time_ns()}"))
    except EngineError as error:
        sys.exit(str(error))
    corpus = obtain(options.articles_count, options.articles, Path("var/bench"))
    drawing = Drawing(corpus.path, corpus.count)
    print(f"{corpus.count:,} articles, {corpus.origin}; {platform.machine()}, {platform.system()}")
    print("                 articles/s        MB    median   95th %   pages/s")
    with tempfile.TemporaryDirectory() as folder:
        for name, url in (("embedded", f"whoosh:{folder}/index"), ("OpenSearch", options.url)):
            url = url.format(f"bench-{time.time_ns()}")
            engine = open_engine(url, create=True, jobs=options.jobs)
            start = time.perf_counter()
            engine.write(corpus.read())
            rate = corpus.count / (time.perf_counter() - start)
            size = engine.stats().bytes / 1e6
            engine.close()
            pages = of_service(url, [each.text for each in drawing.draw(Kind.PAGE, PAGES)])
            print(f"{name:<16}{rate:11,.0f}{size:10,.0f}{pages}", flush=True)
    start = time.perf_counter()
    own.load(corpus)
    rate = corpus.count / (time.perf_counter() - start)
    pages = asked(own.page, [each.text for each in drawing.draw(Kind.PAGE, PAGES)])
    print(f"{'its own REST':<16}{rate:11,.0f}{own.bytes() / 1e6:10,.0f}{pages}")
    own_most, most = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"largest size of this process, and of one it started: {own_most:,.0f}, {most:,.0f} MiB")


if __name__ == "__main__":
    main()
