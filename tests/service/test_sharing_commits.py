"""Do requests that write at the same time share commits, and each get what is theirs?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Decide, Engine, EngineError, IndexBusy
from service.metrics import Metrics
from service.writing.orders import ANY, Condition, Delete, Put, Result
from service.writing.writer import Writer
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Gated


def put(name: str, text: str = "neve", condition: Condition = Condition()) -> Put:  # noqa: B008
    return Put(Article(id=name, text=text), condition)


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    memory = request.param == "memory"
    url = f"whoosh:{tmp_path / 'index'}"
    engine = MemoryEngine() if memory else open_engine(url, create=True)
    yield engine
    engine.close()


def together(writer: Writer, orders: Iterable[Put | Delete]) -> list[Result]:
    """Carry out each of *orders* in a thread of its own; return what became of them."""
    with ThreadPoolExecutor(64) as threads:
        running = [threads.submit(writer.write, [order]) for order in orders]
        return [outcome.result for each in running for outcome in each.result()]


def waiting(writer: Writer) -> int:
    return len(writer.queue)


def test_who_waits_while_another_commits_shares_the_next_commit() -> None:
    engine = Gated()
    writer = Writer(engine, Metrics([]))
    with ThreadPoolExecutor(64) as threads:
        first = threads.submit(writer.write, [put("first")])
        assert engine.entered.wait(10)
        others = [threads.submit(writer.write, [put(f"{n}")]) for n in range(50)]
        while waiting(writer) < 51:
            pass
        engine.gate.set()
        results = [each.result()[0].result for each in (first, *others)]
    assert results == [Result.CREATED] * 51
    assert engine.commits <= 2
    assert engine.stats().articles == 51


def test_of_fifty_that_create_one_article_one_does(engine: Engine) -> None:
    new = [put("a", f"{n}", Condition(none_match=(ANY,))) for n in range(50)]
    results = together(Writer(engine, Metrics([])), new)
    assert sorted(results) == sorted([Result.CREATED] + [Result.PRECONDITION] * 49)
    held = engine.get("a")
    assert held is not None
    assert held.article.text == str(results.index(Result.CREATED))


def test_two_writers_of_one_index_lose_nothing(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engines = [open_engine(url, create=True) for _ in range(3)]
    writers = [Writer(engine, Metrics([])) for engine in engines[:2]]
    with ThreadPoolExecutor(2) as threads:
        running = [
            threads.submit(together, writer, [put(f"{number}-{n}") for n in range(40)])
            for number, writer in enumerate(writers)
        ]
        results = [result for each in running for result in each.result()]
    assert results == [Result.CREATED] * 80
    assert engines[2].stats().articles == 80
    assert engines[2].generation() < 80


def test_a_failed_commit_is_everybodys_and_changes_nothing() -> None:
    class Full(Gated):
        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            def decided_in_vain() -> dict[str, None]:
                decide()
                raise EngineError("Cannot write: see that the disk has room.")

            super().change(decided_in_vain, patience=patience)

    engine = Full()
    engine.gate.set()
    writer = Writer(engine, Metrics([]))
    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(writer.write, [put(f"{n}")]) for n in range(8)]
        errors = [each.exception() for each in running]
    assert all(isinstance(error, EngineError) for error in errors)
    assert engine.stats().articles == 0
    assert not waiting(writer)


def test_an_article_that_breaks_the_engine_costs_the_others_nothing() -> None:
    class Fragile(Gated):
        def change(self, decide: Decide, *, patience: float | None = None) -> None:
            def checked() -> object:
                change = decide()
                if "bad" in change:
                    raise ValueError("a fault of the engine")
                return change

            super().change(checked, patience=patience)  # type: ignore[arg-type]

    engine = Fragile()
    writer = Writer(engine, Metrics([]))
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(writer.write, [put("first")])
        assert engine.entered.wait(10)
        running = {name: threads.submit(writer.write, [put(name)]) for name in ("a", "bad", "b")}
        while waiting(writer) < 4:
            pass
        engine.gate.set()
        assert first.result()[0].result is Result.CREATED
        assert running["a"].result()[0].result is Result.CREATED
        assert running["b"].result()[0].result is Result.CREATED
        with pytest.raises(ValueError, match="a fault of the engine"):
            running["bad"].result()
    assert engine.stats().articles == 3


def test_who_waits_too_long_is_told_that_nothing_was_written(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    engine, other = open_engine(url, create=True), open_engine(url)
    writer = Writer(engine, Metrics([]), patience=0.2)

    def decide() -> dict[str, None]:  # another program writes, and takes its time
        with ThreadPoolExecutor(8) as threads:
            running = [threads.submit(writer.write, [put(f"{n}")]) for n in range(8)]
            errors = [each.exception() for each in running]
        assert all(isinstance(error, IndexBusy) for error in errors)
        assert not waiting(writer)
        return {}

    other.change(decide)
    assert engine.stats().articles == 0
    assert writer.write([put("later")])[0].result is Result.CREATED
    engine.close()
    other.close()


def test_a_large_batch_does_not_grow_the_commit_of_others_without_end() -> None:
    engine = Gated()
    writer = Writer(engine, Metrics([]))
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(writer.write, [put("first")])
        assert engine.entered.wait(10)
        loads = [
            threads.submit(writer.write, [put(f"{load}-{n}") for n in range(800)])
            for load in range(4)
        ]
        while waiting(writer) < 5:
            pass
        engine.gate.set()
        assert first.result()
        assert all(len(load.result()) == 800 for load in loads)
    assert engine.commits == 2
    assert engine.stats().articles == 3_201
