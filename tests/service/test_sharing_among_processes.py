"""Do several processes that write share commits, whoever of them waits, gives up or dies?"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Decide, Engine, EngineError, IndexBusy
from service.metrics import Metrics
from service.writing.batch import Batch
from service.writing.orders import ANY, Condition, Delete, Put, Result
from service.writing.shelf import LARGEST, Shelf, shared_folder
from service.writing.writer import Writer
from tests.service.conftest import Gated


def put(name: str, text: str = "neve") -> Put:
    return Put(Article(id=name, text=text))


def writers(engine: Engine, folder: Path, number: int, patience: float = 5.0) -> list[Writer]:
    return [Writer(engine, Metrics([]), Shelf(folder), patience) for _ in range(number)]


def names(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir() if path.name != "turn")


def wait_for(folder: Path, number: int) -> None:
    until = time.monotonic() + 10
    while names(folder).count(".orders") < number and time.monotonic() < until:
        time.sleep(0.001)


def test_what_waits_in_all_processes_is_one_commit(tmp_path: Path) -> None:
    engine = Gated()
    first, *others = writers(engine, tmp_path, 4)
    with ThreadPoolExecutor(32) as threads:
        running = [threads.submit(first.write, [put("first")])]
        assert engine.entered.wait(10)
        running += [
            threads.submit(writer.write, [put(f"{number}-{n}")])
            for number, writer in enumerate(others)
            for n in range(8)
        ]
        wait_for(tmp_path, 24)
        engine.gate.set()
        results = [each.result(10)[0].result for each in running]
    assert results == [Result.CREATED] * 25
    assert engine.commits <= 4
    assert names(tmp_path) == []


def test_many_processes_lose_nothing_and_leave_nothing(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    engines = [open_engine(url, create=True) for _ in range(4)]
    several = [Writer(engine, Metrics([]), Shelf(shelf)) for engine in engines]

    def client(number: int) -> list[Result]:
        writer, found = several[number % 4], []
        for n in range(15):
            name = f"{number}-{n}"
            found.append(writer.write([put(name)])[0].result)
            assert engines[(number + n) % 4].get(name)
        found.append(writer.write([Delete(f"{number}-0")])[0].result)
        found += [each.result for each in writer.write([put(f"{number}+{n}") for n in range(40)])]
        return found

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(client, range(8), timeout=60))
    assert results == [[Result.CREATED] * 15 + [Result.DELETED] + [Result.CREATED] * 40] * 8
    assert engines[0].stats().articles == 8 * 54
    assert names(shelf) == []
    for engine in engines:
        engine.close()


def test_of_many_that_create_one_article_one_does(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    new = Condition(none_match=(ANY,))
    orders = [Put(Article(id="a", text=f"{n}"), new) for n in range(24)]
    several = writers(engine, tmp_path, 3)
    with ThreadPoolExecutor(24) as threads:
        running = [threads.submit(several[n % 3].write, [put]) for n, put in enumerate(orders)]
        results = [each.result(10)[0].result for each in running]
    assert sorted(results) == sorted([Result.CREATED] + [Result.PRECONDITION] * 23)


def test_a_failed_commit_is_everybodys_in_every_process(tmp_path: Path) -> None:
    class Full(Gated):
        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            def in_vain() -> dict[str, None]:
                decide()
                raise EngineError("Cannot write: see that the disk has room.")

            super().change(in_vain, patience=patience)

    engine = Full()
    first, other = writers(engine, tmp_path, 2)
    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(first.write, [put("first")])]
        assert engine.entered.wait(10)
        running += [threads.submit(other.write, [put(f"{n}")]) for n in range(4)]
        wait_for(tmp_path, 4)
        engine.gate.set()
        errors = [each.exception(10) for each in running]
    assert {str(error) for error in errors} == {"Cannot write: see that the disk has room."}
    assert all(isinstance(error, EngineError) for error in errors)
    assert names(tmp_path) == []


def test_who_waits_too_long_takes_back_what_was_put_there(tmp_path: Path) -> None:
    engine = Gated()
    (first,) = writers(engine, tmp_path, 1)
    (other,) = writers(engine, tmp_path, 1, patience=0.2)
    with ThreadPoolExecutor(8) as threads:
        writing = threads.submit(first.write, [put("first")])
        assert engine.entered.wait(10)
        running = [threads.submit(other.write, [put(f"{n}")]) for n in range(4)]
        assert all(isinstance(each.exception(10), IndexBusy) for each in running)
        assert names(tmp_path) == []
        engine.gate.set()
        assert writing.result(10)
    assert engine.stats().articles == 1


def test_what_a_dead_process_had_taken_is_carried_out_by_the_next(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    dead, living = Shelf(tmp_path), Shelf(tmp_path)
    batch = Batch([put("a")])
    living.hand_in(batch)
    with dead.turn() as mine:
        assert mine
        assert len(dead.collect()) == 1  # and there it dies, before or after the commit
    assert names(tmp_path) == [".taken"]
    assert Writer(engine, Metrics([]), living).write([put("b")])[0].result is Result.CREATED
    living.look()
    assert batch.outcomes[0].result is Result.CREATED
    assert engine.stats().articles == 2
    assert names(tmp_path) == []


def test_orders_of_a_dead_process_are_not_carried_out_late(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    writer = Writer(engine, Metrics([]), Shelf(tmp_path))
    child = os.fork()
    if child == 0:
        Shelf(tmp_path).hand_in(Batch([Delete("a")]))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert names(tmp_path) == [".orders"]
    engine.write([Article(id="a", text="neve")])  # whoever saw what became of the order wrote anew
    assert writer.write([put("b")])[0].result is Result.CREATED
    assert engine.get("a")
    assert names(tmp_path) == []


def test_what_a_dead_process_may_have_written_is_never_told_as_not_written(tmp_path: Path) -> None:
    class Busy(Gated):
        tries = 0

        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            self.tries += 1
            if self.tries < 4:
                time.sleep(patience or 0)
                raise IndexBusy("Another program writes.")
            super().change(decide, patience=patience)

    engine = Busy()
    engine.gate.set()
    living, dead = Shelf(tmp_path), Shelf(tmp_path)
    writer = Writer(engine, Metrics([]), living, patience=0.3)
    with ThreadPoolExecutor(1) as threads:
        with dead.turn():
            waiting = threads.submit(writer.write, [put("a")])
            wait_for(tmp_path, 1)
            assert len(dead.collect()) == 1  # and there it dies
        assert waiting.result(10)[0].result is Result.CREATED
    assert engine.tries == 4
    assert names(tmp_path) == []


def test_the_folder_of_a_killed_service_goes_when_the_next_one_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with shared_folder() as folder:
            os.write(write, str(folder).encode())
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    left = Path(os.read(read, 200).decode())
    os.close(read)
    os.close(write)
    assert left.is_dir()
    with shared_folder() as living:
        monkeypatch.setattr("service.writing.shelf._LEFT", -1.0)
        with shared_folder():
            assert not left.exists()
            assert living
            assert living.is_dir()
    assert not living.exists()


def test_one_process_at_a_time_has_the_turn(tmp_path: Path) -> None:
    with ExitStack() as stack:
        turns = [stack.enter_context(Shelf(tmp_path).turn()) for _ in range(3)]
    assert turns == [True, False, False]
    with Shelf(tmp_path).turn() as mine:
        assert mine


def test_large_batches_wait_for_a_turn_of_their_own(tmp_path: Path) -> None:
    engine = Gated()
    first, other = writers(engine, tmp_path, 2)
    with ThreadPoolExecutor(8) as threads:
        writing = threads.submit(first.write, [put("first")])
        assert engine.entered.wait(10)
        large = threads.submit(other.write, [put(f"{n}") for n in range(LARGEST + 1)])
        time.sleep(0.05)
        assert names(tmp_path) == []
        engine.gate.set()
        assert writing.result(10)
        assert len(large.result(10)) == LARGEST + 1


def test_where_the_memory_is_full_everybody_waits_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Shelf, batch: Batch) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Shelf, "hand_in", full)
    engine = Gated()
    engine.gate.set()
    several = writers(engine, tmp_path, 3)
    with ThreadPoolExecutor(24) as threads:
        running = [threads.submit(several[n % 3].write, [put(f"{n}")]) for n in range(24)]
        assert {each.result(10)[0].result for each in running} == {Result.CREATED}


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before
