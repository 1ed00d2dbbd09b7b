"""Does a search end when its time is over, whatever it asks?"""

import time
from contextvars import copy_context

import pytest

from indexer.articles import Article
from indexer.engines import deadline
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Clause,
    Engine,
    Fuzzy,
    Not,
    Phrase,
    Prefix,
    Query,
    Sort,
    StoredArticle,
    Word,
)
from indexer.engines.deadline import OutOfTime

PACE = Word("pace", "pac")
CLAUSES: list[Clause] = [
    PACE,
    AllOf((PACE, Prefix("p"))),
    AnyOf((PACE, Fuzzy("pane", 1))),
    Phrase((PACE, Word("oggi", "ogg"))),
    Not(PACE),
]


@pytest.fixture
def articles(engine: Engine) -> Engine:
    engine.write(Article(id=str(n), text="La pace oggi.") for n in range(3))
    return engine


@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
def test_without_time_nothing_is_answered(articles: Engine, clause: Clause, sort: Sort) -> None:
    def ask() -> None:
        deadline.give(0)
        with pytest.raises(OutOfTime, match="longer than 0 seconds"):
            articles.search(Query(clause, sort))
        with pytest.raises(OutOfTime):
            articles.holding([clause])

    copy_context().run(ask)
    articles.search(Query(clause, sort))  # of another question, time is not over


def test_a_write_that_has_begun_is_carried_out(engine: Engine) -> None:
    def writes() -> None:
        deadline.give(0)
        engine.write([Article(id="a", text="neve")])
        engine.change(lambda: {"b": StoredArticle(Article(id="b"), "2025-11-20T08:00:00+00:00")})
        assert engine.delete(["a"]) == 1
        with pytest.raises(OutOfTime):
            engine.search(Query(PACE))

    copy_context().run(writes)
    assert engine.get("b")


def test_it_is_told_whether_the_question_or_the_machine_took_the_time() -> None:
    def waits() -> OutOfTime:
        deadline.give(0.05)
        time.sleep(0.1)
        with pytest.raises(OutOfTime) as raised:
            deadline.check()
        return raised.value

    def works() -> OutOfTime:
        deadline.give(0.05)
        while time.thread_time() - started < 0.1:
            pass
        with pytest.raises(OutOfTime) as raised:
            deadline.check()
        return raised.value

    assert copy_context().run(waits).busy
    started = time.thread_time()
    assert not copy_context().run(works).busy


def test_enough_time_is_no_limit() -> None:
    def asks() -> None:
        deadline.give(60)
        deadline.check()

    copy_context().run(asks)
    deadline.check()
