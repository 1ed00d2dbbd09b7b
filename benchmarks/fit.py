"""Which parameters of the ranking are best for all judged sets together?

    python -m benchmarks.fit DATA

Each parameter in turn takes the values around its own and keeps the one with the highest MRR@10,
averaged over the sets, each set counting alike; round after round, until none moves. Half of each
set's queries choose; the other half only checks, since what fits one set of queries may not fit
another. The winner is printed, not written: ranking.py is changed by hand, with its reason.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.relevance import LUCENE, Judged, expect, measure, read_corpus, read_queries
from indexer.engines import open_engine, ranking
from indexer.engines.whoosh import frequencies, scoring

SETS = ("squadit", "qa4faq", "dice", "d365")  # cad is too small to judge by
# OTHER_CASE and OTHER_ACCENTS are not here: no set holds enough names that are words as well.
GRID: Mapping[str, Sequence[float]] = {
    "EXACT": (0.3, 0.4, 0.5, 0.6, 0.8, 1.0),
    "NEAR": (0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
    "NEAR_WINDOW": (2, 3, 4, 6, 8),
    "K1": (0.8, 1.0, 1.2, 1.4, 1.6),
    "B": (0.6, 0.7, 0.75, 0.8, 0.9),
    "TITLE": (1.0, 1.5, 2.0, 3.0),
    "NEAR_DEPTH": (50, 64, 100, 200),
}
LEAST_GAIN = 0.0003  # less is chance

Half = Mapping[str, Sequence[Judged]]


def mrr(indexes: Mapping[str, str], half: Half) -> dict[str, float]:
    """Return the MRR@10 of each set, with the parameters that stand in ranking now."""
    # What is reckoned from the parameters at import is reckoned anew.
    importlib.reload(frequencies)
    importlib.reload(scoring)
    found = {}
    for name, url in indexes.items():
        engine = open_engine(url)
        found[name] = measure(engine, half[name]).mrr
        engine.close()
    return found


def fit(indexes: Mapping[str, str], half: Half) -> None:
    """Set the parameters of ranking to the best ones found; print every step."""
    best = fmean(mrr(indexes, half).values())
    print(f"at first {best:.4f}", flush=True)
    moved = True
    while moved:
        moved = False
        for name, values in GRID.items():
            kept = getattr(ranking, name)
            for value in values:
                if value == getattr(ranking, name):
                    continue
                before = getattr(ranking, name)
                setattr(ranking, name, value)
                own = mrr(indexes, half)
                average = fmean(own.values())
                print(f"{name} {value}: {average:.4f}  {_line(own)}", flush=True)
                if average > best + LEAST_GAIN:
                    best = average
                else:
                    setattr(ranking, name, before)
            moved |= kept != getattr(ranking, name)


def _line(figures: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in figures.items())


def main() -> None:
    """Fit on one half, check on the other."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    expect(data, SETS)
    queries = {name: read_queries(data / name) for name in SETS}
    fitting = {name: own[0::2] for name, own in queries.items()}
    checking = {name: own[1::2] for name, own in queries.items()}
    with tempfile.TemporaryDirectory() as folder:
        indexes = {name: f"whoosh:{folder}/{name}" for name in SETS}
        for name, url in indexes.items():
            engine = open_engine(url, create=True)
            engine.write(read_corpus(data / name))
            engine.close()
        first = mrr(indexes, checking)
        fit(indexes, fitting)
        print({name: getattr(ranking, name) for name in GRID})
        print(f"the other half: {_line(mrr(indexes, checking))}")
        print(f"        before: {_line(first)}")
        print(f"        Lucene: {_line({name: LUCENE[name] for name in SETS})} (both halves)")


if __name__ == "__main__":
    main()
