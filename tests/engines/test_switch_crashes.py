"""Does a crash between any two steps of a rebuild, a restore or a rollback leave one index, whole?

And beside it what was kept before, or what is kept now: the way back is never lost or half.
"""

from __future__ import annotations

import errno
import io
import random
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, EngineError, Query
from indexer.engines.whoosh import (
    Folder,
    WhooshEngine,
    back_up,
    create,
    forget,
    kept,
    rebuild,
    restore,
    roll_back,
)
from tests.engines.faults import Calm, Files, Memory, Moment, Refusal, Watched, laid_out

State = dict[str, str]  # id → text
Pair = tuple[State, State | None]  # what serves, and what is kept

_STEPS = 220  # of the history, a few less than there are
A, B, C, D, Z = (Article(id=name, text=f"neve {name}") for name in "abcdz")


def silent(_done: int, _total: int) -> None: ...


def state(*articles: Article) -> State:
    return {each.id: each.text for each in articles}


def history(folder: Folder, begin: Callable[[], None], done: Callable[[], None]) -> list[Pair]:
    """Switch in every way; return what serves and what is kept before, between and after."""
    create(folder)
    engine = WhooshEngine(folder)
    engine.write([A, B])
    backup = io.BytesIO()
    back_up(folder, backup, silent)
    engine.write([C])
    engine.close()
    begin()
    pairs: list[Pair] = [(state(A, B, C), None)]
    for change, serves, keeps in (
        (lambda: rebuild(folder), state(A, B, C), state(A, B, C)),
        (lambda: restored(folder, backup), state(A, B), state(A, B, C)),
        (lambda: WhooshEngine(folder).write([D]), state(A, B, D), state(A, B, C)),
        (lambda: roll_back(folder), state(A, B, C), state(A, B, D)),
        (lambda: forget(folder), state(A, B, C), None),
        (lambda: rebuild(folder, [Z]), state(Z), state(A, B, C)),
        (lambda: rebuild(folder, [D], keep=False), state(D), state(A, B, C)),
        (lambda: roll_back(folder), state(A, B, C), state(D)),
    ):
        pairs.append((serves, keeps))
        change()
        done()
    return pairs


def restored(folder: Folder, backup: io.BytesIO) -> None:
    backup.seek(0)
    restore(folder, backup, silent, replace=True, jobs=1)


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Moment], list[Pair]]:
    path = tmp_path_factory.mktemp("history") / "index"
    memory = Memory(path)

    def done() -> None:
        memory.done += 1

    pairs = history(Watched(path, memory), memory.moments.clear, done)
    memory.rest()
    return memory.moments, pairs


class Inquest:
    """Looks at what crashes left, at each different one once."""

    def __init__(self, folder: Path, pairs: list[Pair]) -> None:
        self._folder = folder
        self._pairs = pairs
        self._known: set[object] = set()
        self._numbers = count()

    def look(self, moment: Moment, files: Files) -> None:
        left = (moment.done, frozenset(files.items()))
        if left in self._known:
            return
        self._known.add(left)
        folder = laid_out(self._folder / str(next(self._numbers)), files)
        allowed = self._pairs[moment.done : moment.done + 2]
        serves = held(folder)
        assert serves in [pair[0] for pair in allowed], f"at {moment.step}"
        engine = WhooshEngine(folder, patience=0)  # the lock is free
        engine.write([Article(id="next", text="dopo")])
        engine.close()
        keeps = held(folder.inside("previous")) if kept(folder) else None
        assert (serves, keeps) in allowed, f"at {moment.step}"
        expected = {"MAIN_WRITELOCK", *(["previous"] if keeps is not None else [])}
        assert {name for name in folder.names() if "." not in name} == expected, "leftovers"
        if keeps is not None:
            roll_back(folder)
            assert held(folder) == keeps
            roll_back(folder)
        assert held(folder) == {**serves, "next": "dopo"}

    @property
    def looked_at(self) -> int:
        return len(self._known)


def held(folder: Folder) -> State:
    engine = WhooshEngine(folder)
    hits = engine.search(Query(EVERYTHING), limit=100).hits
    engine.close()
    return {hit.article.id: hit.article.text for hit in hits}


def test_the_history_takes_the_steps_of_a_switch(
    remembered: tuple[list[Moment], list[Pair]],
) -> None:
    moments, pairs = remembered
    assert moments[-1].done == len(pairs) - 1
    assert {"link", "rename", "remove folder", "sync"} <= {moment.step.kind for moment in moments}


def test_a_switch_killed_between_any_two_steps_leaves_one_index_and_its_way_back(
    remembered: tuple[list[Moment], list[Pair]], tmp_path: Path
) -> None:
    moments, pairs = remembered
    inquest = Inquest(tmp_path, pairs)
    for moment in moments:
        inquest.look(moment, moment.killed())
    assert inquest.looked_at > 50


def test_a_power_cut_between_any_two_steps_of_a_switch_does_so_too(
    remembered: tuple[list[Moment], list[Pair]], tmp_path: Path, faults: int
) -> None:
    moments, pairs = remembered
    inquest = Inquest(tmp_path, pairs)
    chance = random.Random(5)
    for moment in chance.sample(moments, min(len(moments), 20 * faults)):
        for files in moment.power_cuts(chance, faults):
            inquest.look(moment, files)
    assert inquest.looked_at > 50


def test_a_first_restore_that_dies_leaves_no_half_index_and_is_done_again(
    tmp_path: Path, faults: int
) -> None:
    origin, backup, memory = Folder(tmp_path / "origin"), io.BytesIO(), Memory(tmp_path / "index")
    create(origin)
    engine = WhooshEngine(origin)
    engine.write([A, B])
    engine.write([C])
    engine.close()
    back_up(origin, backup, silent)
    backup.seek(0)
    memory._path.mkdir()
    restore(Watched(memory._path, memory), backup, silent, replace=False, jobs=1)
    memory.rest()
    chance = random.Random(6)
    for number, moment in enumerate(memory.moments):
        for other, files in enumerate([moment.killed(), *moment.power_cuts(chance, faults)]):
            folder = laid_out(tmp_path / f"{number}-{other}", files)
            create(folder)
            left = held(folder)
            assert left in ({}, state(A, B, C)), f"at {moment.step}"
            backup.seek(0)
            restore(folder, backup, silent, replace=True, jobs=1)
            assert held(folder) == state(A, B, C)
    assert number > 20


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_step_of_a_switch_that_the_disk_refuses_leaves_one_index_and_its_way_back(
    tmp_path: Path, error: int, faults: int
) -> None:
    chance = random.Random(error)
    for number in range(5 * faults):
        path, refusal = tmp_path / str(number), Refusal(0, error)

        def begin(refusal: Refusal = refusal) -> None:
            refusal.at = refusal.seen + chance.randrange(1, _STEPS)

        try:
            history(Watched(path, refusal), begin, lambda: None)
        except EngineError:
            if not refusal.refused:
                raise
        folder = Calm(path)
        serves = held(folder)
        engine = WhooshEngine(folder, patience=0)  # the lock is free
        engine.write([Article(id="next", text="dopo")])
        engine.close()
        assert held(folder) == {**serves, "next": "dopo"}
        assert not [name for name in folder.names() if name.startswith(("unpacking", "previous."))]
        if kept(folder):
            roll_back(folder)
            roll_back(folder)
            assert held(folder) == {**serves, "next": "dopo"}
