"""Does one process commit for all workers, whoever of them waits, gives up or dies?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Decide, Engine, EngineError, IndexBusy, StoredArticle
from service.metrics import Metrics
from service.writing.batch import Batch, Queue
from service.writing.committer import Committer, Sent, _Client
from service.writing.gathering import Gathering
from service.writing.loading import Load
from service.writing.messenger import Messenger
from service.writing.orders import Delete, Put, Result
from service.writing.shelf import Shelf
from service.writing.wire import DOOR, ORDERS, Frames, frame
from service.writing.writer import Writer
from tests.service.conftest import Gated


def put(name: str, text: str = "neve") -> Put:
    return Put(Article(id=name, text=text))


@contextmanager
def committing(engine: Engine, folder: Path, patience: float = 5.0) -> Iterator[Writer]:
    """Let a committer serve *folder*."""
    going = threading.Event()
    writer = Writer(engine, Metrics([]), patience=patience)
    (folder / DOOR).unlink(missing_ok=True)
    serving = threading.Thread(target=Committer(writer, folder).run, args=(going.is_set, 0.1))
    going.set()
    serving.start()
    until = time.monotonic() + 10
    while not (folder / DOOR).exists() and time.monotonic() < until:
        time.sleep(0.001)
    try:
        yield writer
    finally:
        going.clear()
        serving.join()


def worker(folder: Path, engine: Engine, patience: float = 5.0) -> Writer:
    return Writer(engine, Metrics([]), Shelf(folder), patience, Messenger(folder))


def wait_for(writer: Writer, number: int) -> None:
    until = time.monotonic() + 10
    while len(writer.queue) < number and time.monotonic() < until:
        time.sleep(0.001)


def test_what_all_workers_send_while_one_commit_is_under_way_is_the_next(tmp_path: Path) -> None:
    engine = Gated()
    workers = [worker(tmp_path, engine) for _ in range(4)]
    with committing(engine, tmp_path) as committer, ThreadPoolExecutor(32) as threads:
        running = [threads.submit(workers[0].write, [put("first")])]
        assert engine.entered.wait(10)
        running += [threads.submit(workers[n % 4].write, [put(f"{n}")]) for n in range(24)]
        wait_for(committer, 25)
        engine.gate.set()
        results = [each.result(10)[0].result for each in running]
    assert results == [Result.CREATED] * 25
    assert engine.commits == 1


def test_everybody_gets_the_answer_to_what_was_asked(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    shared = tmp_path / "shared"
    shared.mkdir()
    engines = [open_engine(url, create=True) for _ in range(5)]
    workers = [worker(shared, engine) for engine in engines[1:]]

    def client(number: int) -> list[Result]:
        writer, found = workers[number % 4], []
        for n in range(15):
            name = f"{number}-{n}"
            found.append(writer.write([put(name)])[0].result)
            assert engines[(number + n) % 4].get(name)
            found.append(writer.write([put(name), Delete("nobody")])[1].result)
        found.append(writer.write([Delete(f"{number}-0")])[0].result)
        found += [each.result for each in writer.write([put(f"{number}+{n}") for n in range(40)])]
        return found

    with committing(engines[0], shared), ThreadPoolExecutor(8) as threads:
        results = list(threads.map(client, range(8), timeout=60))
    single = [Result.CREATED, Result.MISSING] * 15
    assert results == [[*single, Result.DELETED, *[Result.CREATED] * 40]] * 8
    assert engines[1].stats().articles == 8 * 54
    for engine in engines:
        engine.close()


def test_a_batch_of_any_size_is_sent(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    orders = [put(f"{n}", "neve " * 9) for n in range(6_000)]
    with committing(engine, tmp_path):
        outcomes = worker(tmp_path, engine).write(orders)
    assert [each.result for each in outcomes] == [Result.CREATED] * 6_000
    assert engine.commits == 1


def test_where_nobody_commits_for_all_workers_do_it_themselves(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    (tmp_path / DOOR).touch()
    assert worker(tmp_path, engine).write([put("a")])[0].result is Result.CREATED
    writer = worker(tmp_path, engine)
    with committing(engine, tmp_path):
        assert writer.write([put("b")])[0].result is Result.CREATED
    assert writer.write([put("c")])[0].result is Result.CREATED  # the one it knew is gone
    assert engine.stats().articles == 3


def test_who_waits_too_long_takes_back_what_was_sent(tmp_path: Path) -> None:
    engine = Gated()
    first, other = worker(tmp_path, engine), worker(tmp_path, engine, patience=0.2)
    with committing(engine, tmp_path), ThreadPoolExecutor(8) as threads:
        writing = threads.submit(first.write, [put("first")])
        assert engine.entered.wait(10)
        running = [threads.submit(other.write, [put(f"{n}")]) for n in range(4)]
        assert all(isinstance(each.exception(10), IndexBusy) for each in running)
        engine.gate.set()
        assert writing.result(10)
        assert other.write([put("later")])[0].result is Result.CREATED
    assert engine.stats().articles == 2


def test_while_another_program_writes_nothing_is_written_and_that_is_said(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    shared = tmp_path / "shared"
    shared.mkdir()
    engine, other = open_engine(url, create=True), open_engine(url)
    writer = worker(shared, engine, patience=0.3)

    def meanwhile() -> dict[str, StoredArticle | None]:
        with pytest.raises(IndexBusy):
            writer.write([put("a")])
        return {}

    with committing(engine, shared, patience=0.1):
        other.change(meanwhile)
        assert writer.write([put("b")])[0].result is Result.CREATED
    assert engine.stats().articles == 1


def test_a_failed_commit_is_everybodys(tmp_path: Path) -> None:
    class Full(Gated):
        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            def in_vain() -> dict[str, None]:
                decide()
                raise EngineError("Cannot write: see that the disk has room.")

            super().change(in_vain, patience=patience)

    engine = Full()
    engine.gate.set()
    writer = worker(tmp_path, engine)
    with committing(engine, tmp_path), ThreadPoolExecutor(8) as threads:
        running = [threads.submit(writer.write, [put(f"{n}")]) for n in range(8)]
        errors = [each.exception(10) for each in running]
    assert {str(error) for error in errors} == {"Cannot write: see that the disk has room."}
    assert all(isinstance(error, EngineError) for error in errors)


def test_orders_of_a_worker_that_died_are_not_carried_out(tmp_path: Path) -> None:
    engine = Gated()
    with committing(engine, tmp_path) as committer, ThreadPoolExecutor(8) as threads:
        writing = threads.submit(worker(tmp_path, engine).write, [put("first")])
        assert engine.entered.wait(10)
        with socket.socket(socket.AF_UNIX) as dead:
            dead.connect(str(tmp_path / DOOR))
            dead.sendall(frame(ORDERS, (1, (put("late"),))))
            wait_for(committer, 2)
        until = time.monotonic() + 10
        while len(committer.queue) > 1 and time.monotonic() < until:
            time.sleep(0.001)
        engine.gate.set()
        assert writing.result(10)
    assert engine.stats().articles == 1


def test_what_a_worker_sent_before_it_died_is_not_carried_out_once_that_is_known() -> None:
    near, far = socket.socketpair()
    client = _Client(near)
    queue = Queue()
    sent, other = Sent(client, 1, [put("late")]), Batch([put("a")])
    assert sent.awaited
    far.sendall(frame(ORDERS, (2, ())))  # as yet unread
    assert sent.awaited
    far.close()
    queue.add(sent)
    queue.add(other)
    assert queue.take() == [other]
    client.close()
    assert not sent.awaited


class Dying:
    """A committer that takes orders and dies, perhaps after it has carried them out."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._engine = engine
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / DOOR))
        self._listener.listen()
        self._thread = threading.Thread(target=self._die)
        self._thread.start()

    def _die(self) -> None:
        connection, _ = self._listener.accept()
        frames, whole = Frames(connection), list[object]()
        while not whole and frames.receive():
            whole = list(frames.whole())
        self._engine.write([Article(id="a", text="neve")])
        self._listener.close()
        connection.close()

    def join(self) -> None:
        self._thread.join()


def test_what_one_that_died_had_taken_is_carried_out_by_the_next(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    dying = Dying(tmp_path, engine)
    assert worker(tmp_path, engine).write([put("a")])[0].result is Result.UNCHANGED
    dying.join()
    assert engine.stats().articles == 1


def test_what_one_that_died_has_perhaps_written_is_never_told_as_not_written(
    tmp_path: Path,
) -> None:
    class Busy(Gated):
        tries = 0

        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            self.tries += 1
            if self.tries < 4:
                raise IndexBusy("Another program writes.")
            super().change(decide, patience=patience)

    engine = Busy()
    engine.gate.set()
    dying = Dying(tmp_path, engine)
    writer = worker(tmp_path, engine, patience=0.1)
    assert writer.write([put("a")])[0].result is Result.UNCHANGED
    assert engine.tries == 4
    dying.join()


def test_a_load_that_is_given_up_takes_no_answer_for_another(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    writer = worker(tmp_path, engine)

    def lines() -> Iterator[bytes]:
        yield from (b'{"id": "%d", "text": "neve"}' % n for n in range(2_000))
        raise KeyboardInterrupt

    with committing(engine, tmp_path):
        with suppress(KeyboardInterrupt):
            list(Load(writer, Metrics([]), 1_000).results(lines()))
        outcomes = writer.write([put("a"), Delete("nobody")])
    assert [each.result for each in outcomes] == [Result.CREATED, Result.MISSING]


def test_those_that_shared_a_commit_are_waited_for_but_not_long() -> None:
    queue = Queue()
    gathering = Gathering(queue)
    assert not gathering.wait(0.01)
    queue.add(Batch([put("a")]))
    assert gathering.wait(10)  # nobody else is known: at once
    assert len(queue.take()) == 1
    gathering.committed(3, 10.0)
    queue.add(Batch([put("b")]))
    begun = time.monotonic()
    assert gathering.wait(10)
    assert 0.04 < time.monotonic() - begun < 5  # two of three did not come
    gathering.committed(2, 10.0)
    threading.Timer(0.01, lambda: (queue.add(Batch([put("c")])), gathering.wake())).start()
    assert gathering.wait(10)
    assert len(queue.take()) == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_committer_that_meets_a_fault_of_its_own_ends_and_workers_go_on(tmp_path: Path) -> None:
    class Faulty(Writer):
        def commit_waiting(self) -> int:
            raise AssertionError("a fault of ours")

    engine = Gated()
    engine.gate.set()
    committer = Committer(Faulty(engine, Metrics([])), tmp_path)
    serving = threading.Thread(target=committer.run, args=(lambda: True, 60.0))
    serving.start()
    until = time.monotonic() + 10
    while not (tmp_path / DOOR).exists() and time.monotonic() < until:
        time.sleep(0.001)
    assert worker(tmp_path, engine).write([put("a")])[0].result is Result.CREATED
    serving.join(10)
    assert not serving.is_alive()


def test_where_no_socket_can_be_made_workers_commit_for_themselves(tmp_path: Path) -> None:
    engine = Gated()
    engine.gate.set()
    deep = tmp_path / ("x" * 200)  # more than the address of a socket holds
    deep.mkdir()
    going = iter([True, True, False])
    Committer(Writer(engine, Metrics([])), deep).run(lambda: next(going), 1.0)
    assert worker(deep, engine).write([put("a")])[0].result is Result.CREATED
