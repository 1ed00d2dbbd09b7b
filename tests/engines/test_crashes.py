"""Does every acknowledged change survive a crash between any two steps, and a power cut there?

One history of all kinds of changes is written over a folder that remembers each step. Then each
moment is laid out anew, as a killed process would leave it and as a power cut may, and looked at.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    IndexMissing,
    Query,
    StoredArticle,
)
from indexer.engines.whoosh import (
    Folder,
    WhooshEngine,
    building,
    contents,
    create,
    discard_empty,
    policy,
    rebuild,
    spill,
)
from tests.engines.asking import found, word
from tests.engines.faults import Files, Memory, Moment, Step, Watched, laid_out

State = dict[str, str]  # id → text


def article(name: str, text: str) -> Article:
    return Article(id=name, text=text)


def stored(name: str, text: str) -> StoredArticle:
    return StoredArticle(article(name, text), "2026-01-01T00:00:00+00:00")


class History:
    """Changes of all kinds, and what the index holds after each."""

    def __init__(self, folder: Folder, done: Callable[[], None]) -> None:
        self._folder = folder
        self._done = done
        self.states: list[State | None] = [None]  # before there is an index

    def make(self) -> None:
        create(self._folder)
        self._after({})
        engine = WhooshEngine(self._folder)
        first = {"a": "neve", "b": "sole", "c": "neve e sole"}
        engine.write(article(*each) for each in first.items())
        self._after(first)
        engine.write([article("b", "mare"), article("d", "neve")])
        self._after({**first, "b": "mare", "d": "neve"})
        engine.delete(["a"])
        self._after({"b": "mare", "c": "neve e sole", "d": "neve"})
        now = dict(self.states[-1] or {})
        for name in "efg":  # the third is too many for its tier, and merged
            engine.write([article(name, "vento")])
            now[name] = "vento"
            self._after(now)
        engine.change(lambda: {"b": None, "c": stored("c", "pioggia"), "h": stored("h", "neve")})
        now = {**now, "c": "pioggia", "h": "neve"}
        del now["b"]
        self._after(now)
        rebuild(self._folder, keep=False)
        self._after(now)

        def write_meanwhile(_number: int) -> None:
            engine.delete(["d"])
            del now["d"]
            self._after(now)
            for name, text in (("c", "sole"), ("i", "vento"), ("k", "vento"), ("l", "vento")):
                engine.write([article(name, text)])
                now[name] = text
                self._after(now)

        rebuild(self._folder, progress=write_meanwhile, keep=False)
        self._after(now)

        def articles_meanwhile() -> Iterator[Article]:
            yield article("a", "sole")
            engine.write([article("a", "mare"), article("m", "neve")])
            self._after({**now, "a": "mare", "m": "neve"})
            yield article("z", "neve")

        rebuild(self._folder, articles_meanwhile(), keep=False)
        self._after({"a": "mare", "m": "neve", "z": "neve"})
        engine.delete(["a", "m", "z"])
        self._after({})
        engine.close()
        discard_empty(self._folder)
        self._after(None)

    def _after(self, state: State | None) -> None:
        self.states.append(state if state is None else dict(state))
        self._done()


@pytest.fixture(scope="module")
def few_segments() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "_TIERS", ((64, 2), (1_024, 2)))
        patch.setattr(spill, "_IN_MEMORY", 100)  # bytes, so that some need temporary files
        patch.setattr(building, "MOST_ARTICLES", 2)  # so that some changes make several segments
        yield


@pytest.fixture(scope="module")
def remembered(
    few_segments: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Moment], list[State | None]]:
    path = tmp_path_factory.mktemp("history")
    return recorded(path)


def recorded(path: Path) -> tuple[list[Moment], list[State | None]]:
    memory = Memory(path)

    def done() -> None:
        memory.done += 1

    history = History(Watched(path, memory), done)
    history.make()
    memory.rest()
    return memory.moments, history.states


class Inquest:
    """Looks at what crashes left, at each different one once."""

    def __init__(self, folder: Path, states: list[State | None]) -> None:
        self._folder = folder
        self._states = states
        self._known: set[object] = set()
        self._numbers = count()
        self.looked_at = 0

    def look(self, moment: Moment, files: Files) -> None:
        allowed = self._states[moment.done : moment.done + 2]
        left = (moment.done, frozenset(files.items()))
        if left in self._known:
            return
        self._known.add(left)
        self.looked_at += 1
        folder = laid_out(self._folder / str(next(self._numbers)), files)
        state = held(folder)
        assert state in allowed, f"at {moment.step} of change {moment.done}: {state}"
        self._goes_on(folder, state)

    def _goes_on(self, folder: Folder, state: State | None) -> None:
        create(folder)
        engine = WhooshEngine(folder, patience=0)  # the lock is free
        engine.write([article("next", "dopo")])
        assert held(folder) == {**(state or {}), "next": "dopo"}
        engine.close()
        generation = contents.latest_generation(folder)
        named = contents.read_contents(folder, generation).segments
        assert sorted(folder.names()) == sorted(
            ["MAIN_WRITELOCK", contents.file_name(generation), *(s.file_name for s in named)]
        ), "leftovers"


def held(folder: Folder) -> State | None:
    """Return what the index in *folder* holds, asked in several ways; None where there is none."""
    try:
        engine = WhooshEngine(folder)
    except IndexMissing:
        return None
    state = all_of(engine)
    engine.close()
    return state


def all_of(engine: Engine) -> State:
    hits = engine.search(Query(EVERYTHING), limit=100).hits
    state = {hit.article.id: hit.article.text for hit in hits}
    assert len(state) == len(hits) == engine.stats().articles
    for text in ("neve", "sole", "mare", "vento", "pioggia"):
        assert found(engine, word(text)) == {i for i, own in state.items() if text in own.split()}
    for name in state:
        kept = engine.get(name)
        assert kept is not None
        assert kept.article.text == state[name]
    return state


def test_the_history_takes_every_kind_of_step(
    remembered: tuple[list[Moment], list[State | None]],
) -> None:
    moments, states = remembered
    assert len(moments) > 150
    assert moments[-1].done == len(states) - 1
    assert {moment.step.kind for moment in moments} == {
        "create", "temporary", "reserve", "map", "write", "sync", "rename", "link", "remove",
        "remove folder", "end",
    }  # fmt: skip


def test_a_process_killed_between_any_two_steps_leaves_what_was_acknowledged(
    remembered: tuple[list[Moment], list[State | None]], few_segments: None, tmp_path: Path
) -> None:
    moments, states = remembered
    inquest = Inquest(tmp_path, states)
    for moment in moments:
        inquest.look(moment, moment.killed())
    assert inquest.looked_at > 100


def test_a_power_cut_between_any_two_steps_leaves_what_was_acknowledged(
    remembered: tuple[list[Moment], list[State | None]],
    few_segments: None,
    tmp_path: Path,
    faults: int,
) -> None:
    moments, states = remembered
    inquest = Inquest(tmp_path, states)
    chance = random.Random(8)
    for moment in chance.sample(moments, min(len(moments), 60 * faults)):
        for files in moment.power_cuts(chance, faults):
            inquest.look(moment, files)
    assert inquest.looked_at > 100


@pytest.mark.parametrize("forgotten", ["the folder", "files"])
def test_a_writer_that_forgets_to_sync_is_caught(
    forgotten: str, few_segments: None, tmp_path: Path
) -> None:
    class Forgetful(Memory):
        def after(self, step):  # type: ignore[no-untyped-def]
            if step.kind != "sync" or bool(step.name) != (forgotten == "files"):
                super().after(step)

    memory = Forgetful(tmp_path / "history")
    memory._path.mkdir()

    def done() -> None:
        memory.done += 1

    history = History(Watched(memory._path, memory), done)
    history.make()
    inquest = Inquest(tmp_path, history.states)
    chance = random.Random(8)

    def look_at_all() -> None:
        for moment in memory.moments:
            for files in moment.power_cuts(chance, 3):
                inquest.look(moment, files)

    with pytest.raises((AssertionError, EngineError)):
        look_at_all()


def test_no_change_touches_the_folder_past_the_layer_that_is_watched(
    few_segments: None, tmp_path: Path
) -> None:
    # A step that the faults above do not see would be a hole in all of them.
    child = os.fork()
    if child == 0:
        os._exit(len(_unwatched(tmp_path / "history")))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _unwatched(path: Path) -> list[str]:
    watching, unseen = Steps(), []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        # Opening for reading changes nothing, and the lock is taken before the first step.
        changes = event in {"os.rename", "os.remove", "os.truncate", "os.rmdir"} or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        )
        where = str(arguments[0]) if arguments else ""
        if changes and where.startswith(str(path)) and "LOCK" not in where and not watching.depth:
            unseen.append(f"{event} {where}")

    path.mkdir()
    sys.addaudithook(hear)
    History(Watched(path, watching), lambda: None).make()
    return unseen


class Steps:
    depth = 0

    def before(self, step: Step) -> None:
        self.depth += 1

    def after(self, step: Step) -> None:
        self.depth -= 1


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
