"""What is measured, in rounds: in each, every engine has its turn, and another one begins."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.questions import Drawing, Kind
from benchmarks.speed.seat import Asked, Cost, Indexed, Seat
from benchmarks.speed.series import Gathering

T = TypeVar("T")

FEW = 3_000  # articles that stock Whoosh is given
SLOW = ("fts5", "stock")
COMPARED = ("ours", "tantivy")

INDEXING, SEARCHING, FIRST, UPDATING, SIZE = (
    "Indexing",
    "Searching",
    "Searching, the first round after opening",
    "One article more",
    "Size and opening",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done. ``slow`` is what engines in SLOW are asked in place of *asked*."""

    rounds: int = 5
    indexings: int = 3
    asked: int = 60
    slow: int = 6
    puts: int = 10
    openings: int = 15
    seconds: int = 4  # of each measure over HTTP
    turns: int = 15  # of pages over HTTP and without


QUICK = Effort(rounds=3, indexings=1, asked=40, slow=4, puts=5, openings=7, seconds=2, turns=9)


def share(corpus: Corpus, name: str) -> int:
    """Return how many of the articles the engine *name* is given."""
    return min(FEW, corpus.count) if name == "stock" else corpus.count


def indexing(
    names: list[str], corpus: Corpus, effort: Effort, folder: Path, figures: Gathering
) -> None:
    """Make every index anew in each round; those of the last round stay in *folder*."""
    for number in range(effort.indexings):
        for name in _turned(names, number):
            slow = name in SLOW
            if slow and number < effort.indexings - 1:
                continue
            # One process last: its index, made in one go, is the one that is searched.
            for jobs in (1,) if slow else (2, 1):
                shutil.rmtree(folder / name, ignore_errors=True)
                seat = Seat(name, folder)
                indexed = seat.index(corpus.first(share(corpus, name), folder), jobs)
                seat.leave()
                note_indexing(figures, name, jobs, share(corpus, name), indexed)


def note_indexing(figures: Gathering, name: str, jobs: int, count: int, indexed: Indexed) -> None:
    """Take down what making an index of *count* articles cost."""
    size = indexed.bytes / 2**20
    for measure, unit, value in (
        ("wall", "articles/s", count / indexed.cost.wall),
        ("CPU", "articles/CPU s", count / indexed.cost.cpu),
        ("peak private", "MiB", indexed.peak.private),
        ("peak mapped", "MiB", indexed.peak.mapped),
    ):
        figures.add(INDEXING, processes(jobs), measure, unit, name, [value])
    if jobs == 1:
        figures.add(SIZE, "on disk", "size", "MiB", name, [size])
        figures.add(SIZE, "on disk", "of 1,000 articles", "MiB", name, [size / count * 1000])


def processes(jobs: int) -> str:
    """Return the row of what was done with *jobs* processes, or threads."""
    return "1 process or thread" if jobs == 1 else f"{jobs} processes or threads"


def searching(seats: list[Seat], drawing: Drawing, effort: Effort, figures: Gathering) -> None:
    """Ask every kind of question in every round; the first round is kept apart."""
    for number in range(effort.rounds + 1):
        for kind in Kind:
            questions = drawing.draw(kind, effort.asked)
            for seat in _turned(seats, number):
                few = questions[: effort.slow] if seat.name in SLOW else questions
                note_searching(
                    figures, SEARCHING if number else FIRST, kind, seat.name, seat.ask(few)
                )
    for seat in seats:
        memory = seat.memory()
        for measure, size in (("private", memory.private), ("mapped", memory.mapped)):
            figures.add(SIZE, "memory after searching", measure, "MiB", seat.name, [size])


def note_searching(
    figures: Gathering, section: str, kind: str, name: str, asked: list[Asked]
) -> None:
    """Take down what questions of one *kind* cost; the first round has rows of its own."""
    row = kind if section == SEARCHING else f"{kind}, first"
    walls = [each.cost.wall * 1000 for each in asked]
    figures.add(section, row, "wall", "ms", name, walls)
    if section == SEARCHING:
        figures.add(section, row, "CPU", "ms", name, [each.cost.cpu * 1000 for each in asked])
        figures.add(section, row, "found", "articles", name, [each.answer.total for each in asked])


def opening(seats: list[Seat], effort: Effort, figures: Gathering) -> None:
    """Open each index several times; it stays open. Its parts are counted."""
    for seat in seats:
        first, *walls = [cost.wall * 1000 for cost in seat.open(effort.openings + 1)]
        figures.add(SIZE, "opening", "wall", "ms", seat.name, walls)
        figures.add(SIZE, "opening, with its imports", "wall", "ms", seat.name, [first])
        figures.add(SIZE, "parts of the index", "", "segments", seat.name, [seat.segments()])


def updating(seats: list[Seat], corpus: Corpus, effort: Effort, figures: Gathering) -> None:
    """Add articles and replace some, one commit each, synced to the disk and seen by a search."""
    shown = list(corpus.read(effort.puts * effort.rounds))
    for number in range(effort.rounds):
        some = shown[number * effort.puts :][: effort.puts]
        added = [replace(each, id=f"new-{each.id}") for each in some]
        changed = [replace(each, text=f"Versione nuova. {each.text}") for each in some]
        for seat in _turned(seats, number):
            _note_updating(figures, "added", seat.name, seat.put(added))
            _note_updating(figures, "replaced", seat.name, seat.put(changed))


def searching_while_writing(
    seats: list[Seat],
    drawing: Drawing,
    corpus: Corpus,
    effort: Effort,
    folder: Path,
    figures: Gathering,
) -> None:
    """Ask from a second process while the first adds articles one by one, merging now and then."""
    added = [
        replace(each, id=f"late-{each.id}") for each in corpus.read(effort.puts * effort.rounds)
    ]
    for seat in (seat for seat in seats if seat.name in COMPARED):
        reader = Seat(seat.name, folder)
        reader.open()
        reader.ask(drawing.draw(Kind.OR, effort.asked))
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(seat.put, added)
            asked: list[Asked] = []
            while not writing.done():
                asked += reader.ask(drawing.draw(Kind.OR, 10))
        reader.leave()
        walls = [each.cost.wall * 1000 for each in asked]
        row = f"{Kind.OR} meanwhile, by another process"
        figures.add(UPDATING, row, "wall", "ms", seat.name, walls)
        figures.add(UPDATING, row, "longest", "ms", seat.name, [max(walls)])


def _note_updating(figures: Gathering, row: str, name: str, costs: list[Cost]) -> None:
    figures.add(UPDATING, row, "wall", "ms", name, [cost.wall * 1000 for cost in costs])
    figures.add(UPDATING, row, "CPU", "ms", name, [cost.cpu * 1000 for cost in costs])


def _turned(things: list[T], number: int) -> list[T]:
    number %= max(1, len(things))
    return things[number:] + things[:number]
