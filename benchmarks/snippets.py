"""What the snippets of a page cost the processor: `python -m benchmarks.snippets INDEX ARTICLES`.

Asks INDEX, made of the JSON Lines file ARTICLES, the questions of benchmarks.speed for a full page,
and makes titles and snippets of each ten articles found: with the kernels and without, in turns.
Then the other has to make the same. The first half of the pages is there to warm up.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time_ns
from unittest.mock import patch

from benchmarks import given
from benchmarks.speed.questions import Drawing, Kind
from indexer.articles import Article
from indexer.engines.contract import Engine, Textual
from service.search import SearchRequest, search
from service.search.searching import ask
from service.snippets import native, show

PAGES = 2_000


def main() -> None:
    """Measure, and print."""
    kernels = native.library()
    if not kernels:
        sys.exit("The kernels are not there: install the project where there is a C compiler.")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("index")
    parser.add_argument("articles", type=given.file)
    options = parser.parse_args()
    engine = given.engine(options.index)
    times: dict[str, list[float]] = {"kernels": [], "Python": []}
    for number, (articles, marks) in enumerate(_pages(engine, options.articles)):
        first, second = ("kernels", "Python") if number % 2 else ("Python", "kernels")
        used = {"kernels": kernels, "Python": None}
        with patch.object(native, "library", lambda: used[first]):  # noqa: B023
            started = process_time_ns()
            shown = show(articles, marks)
            times[first].append((process_time_ns() - started) / 1e6)
        with patch.object(native, "library", lambda: used[second]):  # noqa: B023
            assert shown == show(articles, marks)
    for name, taken in times.items():
        last = taken[len(taken) // 2 :]
        told = f"median {statistics.median(last):.2f}, mean {statistics.fmean(last):.2f}"
        print(f"{name:8} {told}, 90th percentile {statistics.quantiles(last, n=10)[-1]:.2f} ms")


def _pages(engine: Engine, articles: Path) -> Iterator[tuple[list[Article], tuple[Textual, ...]]]:
    with articles.open("rb") as lines:
        count = sum(1 for _ in lines)
    for question in Drawing(articles, count, seed=3).draw(Kind.PAGE, PAGES):
        request = SearchRequest(q=question.text, snippets=0)
        stored = [engine.get(result.id) for result in search(engine, request).results]
        yield [each.article for each in stored if each], ask(engine, request)[0].parsed.marks


if __name__ == "__main__":
    main()
