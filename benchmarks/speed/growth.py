"""How cost grows with the number of articles: the same few measures at each size."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.measures import COMPARED, Effort, processes
from benchmarks.speed.questions import Drawing, Kind
from benchmarks.speed.seat import Seat, size_of
from benchmarks.speed.series import Gathering, Results

SECTION = "Growth"
SIZES = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)  # and all there are
KINDS = (Kind.OR, Kind.AND2, Kind.PHRASE, Kind.PAGE)
_JOBS = 2
INDEXING = f"indexing, {_JOBS} processes or threads"


def measure(
    names: list[str], corpus: Corpus, count: int, effort: Effort, folder: Path, figures: Gathering
) -> None:
    """Index the first *count* articles and ask some questions; the indexes stay in *folder*."""
    folder.mkdir()
    corpus = corpus.first(count, folder)
    drawing = Drawing(corpus.path, count, seed=count)
    asked = {kind: drawing.draw(kind, 2 * effort.asked) for kind in KINDS}
    for name in (name for name in names if name in COMPARED):
        shutil.rmtree(folder / name, ignore_errors=True)
        seat = Seat(name, folder)
        indexed = seat.index(corpus, _JOBS)
        for row, unit, value in (
            (INDEXING, "articles/s", count / indexed.cost.wall),
            ("peak private memory", "MiB", indexed.peak.private),
            ("on disk", "MiB", size_of(folder / name) / 2**20),
        ):
            figures.add(SECTION, row, f"{count:,}", unit, name, [value])
        seat.open()
        for kind in KINDS:
            walls = [each.cost.wall * 1000 for each in seat.ask(asked[kind])]
            figures.add(SECTION, kind, f"{count:,}", "ms", name, walls[effort.asked :])
        seat.leave()


def conclude(results: Results, count: int, figures: Gathering) -> None:
    """Take over the largest size, *count* articles, from what was measured at length."""
    taken_over = [
        (INDEXING, "articles/s", processes(_JOBS), "wall"),
        ("peak private memory", "MiB", processes(_JOBS), "peak private"),
        ("on disk", "MiB", "on disk", "size"),
        *((kind, "ms", kind, "wall") for kind in KINDS),
    ]
    for name in COMPARED:
        for row, unit, from_row, from_measure in taken_over:
            if series := results.find(from_row, from_measure, name):
                figures.add(SECTION, row, f"{count:,}", unit, name, series.values)
