"""Does a disk that refuses any step of any change leave the last commit whole and served?"""

from __future__ import annotations

import errno
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, Engine, EngineError, NoRoom, Query
from indexer.engines.whoosh import (
    Folder,
    WhooshEngine,
    back_up,
    contents,
    create,
    policy,
    rebuild,
    restore,
    roll_back,
    spill,
)
from tests.engines.faults import Calm, Refusal, Watched

State = dict[str, str]

BEFORE = {"a": "neve", "b": "sole", "c": "mare", "d": "vento"}
NEW = [Article(id="a", text="pioggia " * 200), Article(id="e", text="neve")]

CHANGES: dict[str, tuple[Callable[[Folder], object], State]] = {
    "write and merge": (
        lambda folder: WhooshEngine(folder).write(NEW),
        {**BEFORE, "a": "pioggia " * 200, "e": "neve"},
    ),
    "delete": (
        lambda folder: WhooshEngine(folder).delete(["b"]),
        {name: text for name, text in BEFORE.items() if name != "b"},
    ),
    "rebuild": (rebuild, BEFORE),
    "replace all": (
        lambda folder: rebuild(folder, NEW, keep=False),
        {"a": "pioggia " * 200, "e": "neve"},
    ),
    "roll back": (roll_back, {"p": "prima"}),
    "restore": (
        lambda folder: restore(folder, copy(), lambda done, total: None, replace=True, jobs=1),
        {"q": "copia"},
    ),
}


@cache
def packed() -> bytes:
    """Return a backup."""
    target = io.BytesIO()
    with tempfile.TemporaryDirectory() as name:
        create(Calm(Path(name)))
        WhooshEngine(Calm(Path(name))).write([Article(id="q", text="copia")])
        back_up(Calm(Path(name)), target, lambda done, total: None)
    return target.getvalue()


def copy() -> io.BytesIO:
    return io.BytesIO(packed())


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An index whose next write has segments to merge, and one that is kept beside it."""
    path = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "_TIERS", ((64, 2), (1_024, 2)))
        patch.setattr(spill, "_IN_MEMORY", 100)  # bytes, so that some need temporary files
        create(Calm(path))
        engine = WhooshEngine(Calm(path))
        engine.write([Article(id="p", text="prima")])
        rebuild(Calm(path), (Article(id=name, text=BEFORE[name]) for name in "ab"))
        engine.write(Article(id=name, text=BEFORE[name]) for name in "cd")
        engine.close()
        yield path


def state(engine: Engine) -> State:
    hits = engine.search(Query(EVERYTHING), limit=100).hits
    return {hit.article.id: hit.article.text for hit in hits}


QUICK = {(errno.ENOSPC, True, False), (errno.EIO, False, False), (errno.EIO, False, True)}


@pytest.mark.parametrize("late", [False, True], ids=["not done", "done and yet refused"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("change", CHANGES)
def test_a_refused_step_changes_nothing_and_the_next_try_succeeds(
    prepared: Path, tmp_path: Path, change: str, code: int, lasting: bool, late: bool, faults: int
) -> None:
    quick = (code, lasting, late) in QUICK and (change == "write and merge" or lasting)
    if not quick and faults < 10:
        pytest.skip("asked with --faults 10 or more")
    make, after = CHANGES[change]
    outcomes = set()
    for at in count(1):
        path = tmp_path / str(at)
        shutil.copytree(prepared, path)
        reader = WhooshEngine(Folder(path))
        watcher = Refusal(at, code, lasting=lasting, late=late)
        outcome = tried(make, Watched(path, watcher))
        outcomes.add(type(outcome))
        if outcome is None:
            assert state(reader) == after
        elif "with the change or without" in str(outcome):
            assert state(reader) in (BEFORE, after)
        else:
            assert isinstance(outcome, NoRoom) == (code != errno.EIO)
            assert "nothing was changed" in str(outcome)
            assert state(reader) == BEFORE
        if watcher.refused is None:
            break
        if state(reader) != after:
            make(Calm(path))
        assert state(reader) == after
        reader.write([Article(id="z")])
        reader.close()
        left = set(Folder(path).names()) - {"previous"}
        assert left == named(Folder(path)), f"leftovers of {watcher.refused}"
    assert at > 8
    assert outcomes >= {type(None), EngineError if code == errno.EIO else NoRoom}


def tried(make: Callable[[Folder], object], folder: Folder) -> EngineError | None:
    try:
        make(folder)
    except EngineError as error:
        return error
    return None


def named(folder: Folder) -> set[str]:
    generation = contents.latest_generation(folder)
    segments = contents.read_contents(folder, generation).segments
    return {
        "MAIN_WRITELOCK",
        contents.file_name(generation),
        *(each.file_name for each in segments),
    }
