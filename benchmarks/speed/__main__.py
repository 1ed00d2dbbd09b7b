"""Run the comparison and write it down.

    python -m benchmarks.speed --articles-count 20000 --quick
    python -m benchmarks.speed --articles mine.jsonl --engines ours,tantivy

Warm-up: none that is not measured: the first round after opening has a table of its own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from benchmarks import given
from benchmarks.speed import clients, growth
from benchmarks.speed.corpus import GENERATOR, ROOT, Corpus, obtain
from benchmarks.speed.engines import NAMES
from benchmarks.speed.environment import describe, load_average, machine, sync_time
from benchmarks.speed.measures import (
    FEW,
    QUICK,
    Effort,
    indexing,
    opening,
    searching,
    searching_while_writing,
    updating,
)
from benchmarks.speed.over_http import SERVED, Client
from benchmarks.speed.plot import draw
from benchmarks.speed.questions import Drawing
from benchmarks.speed.report import as_json, as_text
from benchmarks.speed.seat import Seat
from benchmarks.speed.series import Gathering, Results
from benchmarks.speed.targets import judge

_NEEDS = {"tantivy": "tantivy", "fts5": "sqlite3", "stock": "whoosh"}


def main() -> None:
    options = _options()
    given.linux()
    began = time.monotonic()
    names = [name for name in options.engines if find_spec(_NEEDS.get(name, "indexer"))]
    notes = _notes(options, names)
    for note in notes:
        print(note, file=sys.stderr)
    if not names:
        sys.exit("No engine is left to measure.")
    corpus = obtain(options.articles_count, options.articles, options.work)
    about = describe() | {
        "client": clients.name(),
        "articles": f"{corpus.count:,} ({corpus.origin})",
        "load before": load_average(),
    }
    figures = Gathering()
    options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="speed-", dir=options.work) as temporary:
        folder = Path(temporary)
        about["sync of 4 KiB"] = f"{sync_time(folder) * 1000:.2f} ms, the median"
        about |= _measure(names, corpus, QUICK if options.quick else Effort(), folder, figures)
    about["load after"] = load_average()
    about["took"] = f"{time.monotonic() - began:.0f} s"
    _write(options.out, corpus.count, about, figures.results(), notes)


def _measure(
    names: list[str], corpus: Corpus, effort: Effort, folder: Path, figures: Gathering
) -> dict[str, str]:
    """Take all figures; return the versions of the engines."""
    _say("indexing")
    indexing(names, corpus, effort, folder, figures)
    seats = [Seat(name, folder) for name in names]
    opening(seats, effort, figures)
    drawing = Drawing(corpus.path, corpus.count)
    _say("searching")
    searching(seats, drawing, effort, figures)
    _say("over HTTP")
    client = Client(drawing, effort.seconds, folder, figures)
    for workers in (1, 2) if "ours" in names else ():
        client.measure(folder / "ours", corpus.count, workers)
    _say("adding")
    updating(seats, corpus, effort, figures)
    searching_while_writing(seats, drawing, corpus, effort, folder, figures)
    for seat in seats:
        seat.leave()
    for size in (size for size in growth.SIZES if size < corpus.count):
        _say(f"growing: {size:,} articles")
        grown = folder / str(size)
        growth.measure(names, corpus, size, effort, grown, figures)
        if size == SERVED and "ours" in names:
            client.measure(grown / "ours", size, workers=1)
            if "tantivy" in names:
                other = Seat("tantivy", grown)
                other.open()
                client.measure_in_turn(grown / "ours", other, size, effort.turns)
                other.leave()
        shutil.rmtree(grown)
    growth.conclude(figures.results(), corpus.count, figures)
    return {f"engine {seat.name}": seat.version for seat in seats}


def _notes(options: argparse.Namespace, names: list[str]) -> list[str]:
    """Return what is missing here, and what takes its place."""
    notes = [
        f"{name} is not installed, and is left out: pip install --group bench"
        for name in options.engines
        if name not in names
    ]
    if "stock" in names:
        notes.append(f"stock is Whoosh as it comes, over {FEW:,} articles only.")
    if not (options.articles or GENERATOR.exists()):
        notes.append("No generator of articles is here: pieces of the seeds are recombined.")
    if not clients.has_wrk():
        notes.append("wrk is not installed: a client in Python asks over HTTP.")
    return notes


def _write(
    out: Path, count: int, about: dict[str, str], results: Results, notes: list[str]
) -> None:
    judged = judge(results, count)
    text = as_text(about, results, judged, notes)
    print(text)
    out.mkdir(parents=True, exist_ok=True)
    name = f"{about['date']}-{machine(about)}-{count}"
    (out / f"{name}.txt").write_text(text, encoding="utf-8")
    (out / f"{name}.json").write_bytes(as_json(about, results, judged, notes))
    (out / f"{name}.svg").write_text(draw(results), encoding="utf-8")


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}…", file=sys.stderr, flush=True)


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(NAMES):
        raise argparse.ArgumentTypeError(f"no engine is called {', '.join(sorted(unknown))}")
    return names


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--articles-count", type=int, default=100_000, metavar="N")
    parser.add_argument("--articles", type=given.file, metavar="FILE", help="JSON Lines to index")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument(
        "--engines", type=_names, default=list(NAMES), metavar="NAME,…", help=", ".join(NAMES)
    )
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench", metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "runs", metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    main()
