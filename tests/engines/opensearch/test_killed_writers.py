"""Is a write all or none whenever the power of who writes fails, or somebody kills it?

A process of its own writes, and kills itself where the test says.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from indexer import engines
from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, Engine, EngineError, IndexBusy, Written
from indexer.engines.opensearch import builds, turns
from indexer.engines.opensearch.builds import current
from indexer.engines.opensearch.change import Change
from indexer.engines.opensearch.control import Control
from indexer.engines.opensearch.journal import Journal
from indexer.engines.opensearch.opening import connected
from tests.engines.asking import found, word

KILLED = """
import os, signal, sys
from indexer import engines
from indexer.articles import Article
from indexer.engines.opensearch import builds, bulk, change, control, journal, turns

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

url, doing, where, times = sys.argv[1:]
*owners, name = where.split(".")
owner = globals()[owners[0]]
for each in owners[1:]:
    owner = getattr(owner, each)
there, left = getattr(owner, name), [int(times)]

def counted(*arguments, **named):
    left[0] -= 1
    return there(*arguments, **named) if left[0] else die()

engine = engines.open_engine(url)
bulk.MOST_ITEMS = 2
change._REQUESTS = 1
setattr(owner, name, counted)
if doing == "rebuild":
    engines.rebuild(url, [Article(id="x", text="fiume")])
else:
    def decide():
        put = {name: engine.get("a") for name in "acdefgh"}
        from msgspec.structs import replace
        changed = replace(put["a"].article, text="fiume")
        for name in put:
            put[name] = replace(put["a"], article=replace(changed, id=name))
        return {"b": None, **put}
    engine.change(decide)
"""


@pytest.fixture
def engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The same with articles to be changed; writers are soon taken for dead."""
    engine.write([Article(id=name, text="neve", raw="Neve") for name in "abc"])
    monkeypatch.setattr(turns, "LIFE", 1.5)
    return engine


def killed(url: str, doing: str, where: str, times: int = 1) -> None:
    """Let a process begin to write, and end when it is to do *where* for the so-manieth time."""
    command = [sys.executable, "-c", KILLED, url, doing, where, str(times)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("where", "times"),
    [
        ("journal.Journal.note", 1),
        ("bulk.send", 2),  # the notes of the first bulk are there, it is not
        ("bulk.send", 3),
        ("bulk.send", 9),
        ("control.Control.decide", 1),
    ],
)
def test_what_was_not_decided_on_is_taken_back(
    url: str, engine: Engine, where: str, times: int
) -> None:
    before = [engine.get(its) for its in "abc"]
    generation = engine.generation()
    killed(url, "change", where, times)
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == set("abc")
    assert engine.write([Article(id="z", text="fiume")]) == Written(1, 0)
    assert found(engine, word("neve")) == set("abc")
    assert found(engine, word("fiume")) == {"z"}
    assert [engine.get(its) for its in "abc"] == before
    assert engine.generation() == generation + 1
    assert notes(url) == 0


@pytest.mark.parametrize("where", ["builds.refresh", "control.Control.committed", "turns.Turn.end"])
def test_what_was_decided_on_is_finished(url: str, engine: Engine, where: str) -> None:
    killed(url, "change", where)
    assert engine.write([Article(id="z", text="neve")]) == Written(1, 0)
    assert found(engine, word("fiume")) == set("acdefgh")
    assert found(engine, word("neve")) == {"z"}
    assert notes(url) == 0


def test_a_rebuild_that_is_killed_leaves_nothing_for_good(url: str, engine: Engine) -> None:
    killed(url, "rebuild", "builds.switch")
    assert found(engine, EVERYTHING) == set("abc")
    with connected(url) as connection:
        before = current(connection)
        assert engines.rebuild(url, keep=False) == Written(3, 0)
        there = set(connection.ask("GET", f"/{connection.address.name}-*/_alias"))
        now = current(connection)
        assert there == {now, builds.forms(now), f"{connection.address.name}-control"}
        assert now != before


def test_what_cannot_be_taken_back_is_by_whoever_writes_next(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise EngineError("the cluster went away")

    with monkeypatch.context() as patch:
        patch.setattr(builds, "refresh", away)
        patch.setattr(Journal, "take_back", away)
        with pytest.raises(EngineError, match="whoever writes next does that first"):
            engine.write([Article(id="a", text="fiume")])
    assert engine.delete(["c"]) == 1
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"a", "b"}


def test_whoever_lost_the_right_leaves_it_to_the_next_to_take_back(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(change: Change) -> None:
        # Somebody else took over meanwhile, and has removed what this writer replaced.
        monkeypatch.undo()
        with connected(url) as connection:
            control = Control(connection)
            monkeypatch.setattr(turns, "LIFE", 0.3)
            with control.writing(5.0):
                pass
        heir = engines.open_engine(url)
        assert heir.delete(["a"]) == 1
        heir.close()
        change._turn._lost = EngineError("no sign of life")
        change._turn.check()

    monkeypatch.setattr(turns.Turn, "_beat", lambda self: None)
    monkeypatch.setattr(Change, "commit", late)
    with pytest.raises(EngineError, match="Another program began to write"):
        engine.write([Article(id="a", text="fiume"), Article(id="d", text="fiume")])
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"b", "c"}


def test_a_writer_is_waited_for_while_it_may_live(url: str, engine: Engine) -> None:
    killed(url, "change", "control.Control.decide")
    with pytest.raises(IndexBusy, match="has been writing to"):
        engine.change(dict, patience=0.1)


def notes(url: str) -> int:
    with connected(url) as connection:
        control = f"/{connection.address.name}-control"
        connection.ask("POST", f"{control}/_refresh")
        hits = connection.ask("POST", f"{control}/_search", {"size": 100})["hits"]["hits"]
        return sum(hit["_id"].startswith("undo-") for hit in hits)
