"""Is a write to a cluster all or none, whoever fails, and is a rebuild seen at once?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from indexer import engines
from indexer.articles import Article
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    IndexMissing,
    IndexOutdated,
    NoRoom,
    Writes,
    Written,
)
from indexer.engines.opensearch import bulk, control, parcels, turns, writing
from indexer.engines.opensearch.builds import current
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.opening import connected
from tests.engines.asking import found, word


def test_there_is_no_index_until_one_is_made(url: str) -> None:
    for use in (engines.open_engine, engines.rebuild):
        with pytest.raises(IndexMissing, match="python -m indexer add PATH --index 'opensearch://"):
            use(url)
    with pytest.raises(RuntimeError), engines.filling(url):
        raise RuntimeError("a fault before the first article")
    with pytest.raises(IndexMissing):
        engines.open_engine(url)


def test_a_write_that_fails_halfway_is_taken_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.write([Article(id="b", text="neve", raw="Neve")])
    before, generation = engine.get("b"), engine.generation()
    send = bulk.send

    def breaks(connection: Connection, items: Sequence[bulk.Item]) -> list[bulk.Done]:
        if any(item.id == "c" for item in items):
            raise EngineError("the cluster went away")
        return send(connection, items)

    monkeypatch.setattr(bulk, "send", breaks)
    monkeypatch.setattr(bulk, "MOST_ITEMS", 1)
    with pytest.raises(EngineError, match="the cluster went away"):
        engine.write([Article(id=name, text="fiume") for name in "abc"])
    monkeypatch.undo()
    assert engine.generation() == generation
    assert engine.write([Article(id="d", text="neve")]) == Written(1, 0)
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"b", "d"}
    assert engine.get("b") == before


def test_a_write_that_is_seen_and_not_counted_is_taken_back_as_well(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: control.Control) -> None:
        raise EngineError("the cluster went away")

    engine.write([Article(id="a", text="neve")])
    monkeypatch.setattr(control.Control, "committed", breaks)
    with pytest.raises(EngineError, match="the cluster went away"):
        engine.write([Article(id="a", text="fiume"), Article(id="b", text="fiume")])
    with pytest.raises(EngineError, match="the cluster went away"):
        engine.delete(["a"])
    monkeypatch.undo()
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"a"}


def test_whoever_dies_while_writing_loses_the_right_to(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LIFE", 0.3)
    monkeypatch.setattr(turns.Turn, "_beat", lambda self: None)
    generation = engine.generation()
    with connected(url) as connection:
        # Takes the right and is heard of no more.
        control.Control(connection)._taken(0.0, 0.0)
        assert engine.write([Article(id="a", text="neve")]) == Written(1, 0)
    assert engine.generation() == generation + 1  # the dead had sent nothing
    assert found(engine, word("neve")) == {"a"}


def test_a_rebuild_takes_its_place_at_once_and_can_be_taken_back(url: str, engine: Engine) -> None:
    engine.write([Article(id="a", text="neve"), Article(id="b", text="neve")])
    told: list[int] = []
    assert engines.rebuild(url, progress=told.append) == Written(2, 0)
    assert told == [2]
    assert found(engine, word("neve")) == {"a", "b"}
    assert engines.rebuild(url, [Article(id="c", text="fiume")]) == Written(1, 0)
    assert found(engine, EVERYTHING) == {"c"}
    kept = engines.kept(url)
    assert kept
    assert kept.articles == 2
    engines.roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b"}
    assert engines.forget(url).articles == 1
    assert engines.kept(url) is None
    with pytest.raises(EngineError, match="Nothing is kept"):
        engines.roll_back(url)


def test_a_rebuild_that_fails_changes_nothing(url: str, engine: Engine) -> None:
    def articles() -> Iterator[Article]:
        yield Article(id="c")
        raise RuntimeError("a fault")

    engine.write([Article(id="a")])
    with connected(url) as connection:
        before = current(connection)
        with pytest.raises(RuntimeError, match="a fault"):
            engines.rebuild(url, articles())
        assert current(connection) == before
    assert found(engine, EVERYTHING) == {"a"}


def test_an_index_of_other_rules_is_refused_and_rebuilt(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "CHAIN", -1)
    with pytest.raises(IndexOutdated, match="python -m indexer rebuild --index 'opensearch://"):
        engines.open_engine(url)
    with pytest.raises(IndexOutdated):
        engine.write([Article(id="a")])
    assert engines.rebuild(url) == Written(0, 0)
    assert engines.open_engine(url).stats().chain == -1


def test_a_full_disk_is_told_of_and_searches_go_on(url: str, engine: Engine) -> None:
    engine.write([Article(id="a", text="neve")])
    with connected(url) as connection:
        block = f"/{current(connection)}/_settings"
        connection.ask("PUT", block, {"index.blocks.read_only_allow_delete": True})
        with pytest.raises(NoRoom, match="free some or add a node"):
            engine.write([Article(id="b", text="neve")])
        assert engine.stats().writes is Writes.NO_ROOM
        assert found(engine, word("neve")) == {"a"}
        connection.ask("PUT", block, {"index.blocks.read_only_allow_delete": None})
    assert engine.write([Article(id="b", text="neve")]) == Written(1, 0)


def test_every_article_is_exported_in_the_order_of_ids(url: str, engine: Engine) -> None:
    articles = [Article(id=f"{n:04}", text="neve", raw="x") for n in range(450)]
    engine.write(reversed(articles))
    assert [each.article for each in engines.stored(url)] == articles
    assert found(engine, word("neve")) == {article.id for article in articles}


def many(version: str) -> list[Article]:
    return [
        Article(id=f"{n:03}", title=f"{version} numero{n}", text=f"neve nuova{n % 7}")
        for n in range(150)
    ]


def test_many_articles_are_loaded_by_several_processes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "_FEW", 100)
    monkeypatch.setattr(writing, "MANY", 100)
    engine = engines.open_engine(url, create=True, jobs=2)
    with connected(url) as connection:
        empty = current(connection)
        assert engine.write(many("prima")) == Written(150, 0)
        # An empty index gave way to one that was filled apart, and is kept as any other.
        index = current(connection)
        assert index != empty
        settings = connection.ask("GET", f"/{index}/_settings", flat_settings=True)
        of = settings[index]["settings"]
        assert of["index.translog.durability"] == "request"
        assert of["index.auto_expand_replicas"] == "0-1"
        with pytest.raises(IndexMissing):
            connection.ask("GET", f"/{empty}/_stats")
        assert engine.write(many("seconda")) == Written(0, 150)
        assert current(connection) == index
    assert found(engine, word("prima")) == set()
    assert len(found(engine, word("numero77"))) == 1
    assert engine.forms_near("numero7", 1)["numero77"] == 1
    assert engines.rebuild(url, jobs=2) == Written(150, 0)
    assert len(found(engine, word("seconda"))) == 150
    engine.close()


def test_of_many_words_that_begin_so_the_frequent_ones_are_told(engine: Engine) -> None:
    engine.write(many("prima"))
    assert len(engine.forms_beginning("numer", 400)) == 150
    often = engine.forms_beginning("nu", 4)
    engine.write([Article(id=f"x{n}", text=f"nuvola{n}") for n in range(80)])  # too many for all
    assert engine.forms_beginning("nu", 4) == often
    assert list(often) == ["nuova0", "nuova1", "nuova2", "nuova3"]


def test_odd_ids_name_their_articles(engine: Engine) -> None:
    ids = [".", "..", "_doc", "a?b#c%2F", "😀" * 200, "a\ud83d"]
    engine.write([Article(id=name, text="neve") for name in ids])
    assert {name for name in ids if (stored := engine.get(name)) and stored.article.id == name} == {
        *ids
    }
    assert engine.delete(ids) == len(ids)
