"""Does an index of another version say so, and does a rebuild keep everything?"""

from __future__ import annotations

import random
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec import structs
from whoosh.fields import ID, Schema
from whoosh.index import create_in

from indexer.articles import Article
from indexer.engines import kept, open_engine, rebuild
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    IndexOutdated,
    Query,
    StoredArticle,
    Written,
)
from indexer.engines.whoosh import Folder, WhooshEngine
from tests.engines.asking import found, word

ARTICLES = [
    Article(id="a", title="La neve", text="neve", raw="<b>neve</b>", date="2025", tags=("x",)),
    Article(id="b", text="sole", extra={"voto": 3}),
]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path}/index"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, create=True)
    engine.write(ARTICLES)
    yield engine
    engine.close()


@pytest.fixture(params=["schema.CHAIN", "schema.FORMAT"])
def by_another_version(request: pytest.FixtureRequest, url: str) -> None:
    """An index as a Ritaglio with another chain or format would have written it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("schema", "opening"):
            constant = request.param.partition(".")[2]
            patch.setattr(f"indexer.engines.whoosh.{module}.{constant}", 99)
        engine = open_engine(url, create=True)
        engine.write(ARTICLES)
        engine.close()


@pytest.mark.usefixtures("by_another_version")
def test_an_index_of_another_version_is_refused_with_the_remedy(url: str) -> None:
    remedy = re.escape(f"python -m indexer rebuild --index {url}")
    for create in (False, True):
        with pytest.raises(IndexOutdated, match=remedy):
            open_engine(url, create=create)


@pytest.mark.usefixtures("by_another_version")
def test_rebuilding_brings_it_to_this_version_with_all_its_articles(url: str) -> None:
    assert rebuild(url) == Written(added=2, replaced=0)
    engine = open_engine(url)
    assert found(engine, word("neve")) == {"a"}
    for article in ARTICLES:
        stored = engine.get(article.id)
        assert stored is not None
        assert stored.article == article
    engine.close()


def test_an_index_that_format_2_wrote_is_brought_to_this_version(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path}/index"
    shutil.copytree(Path(__file__).with_name("format2"), tmp_path / "index")
    with pytest.raises(IndexOutdated):
        open_engine(url)
    assert rebuild(url) == Written(added=2, replaced=0)
    engine = open_engine(url)
    assert found(engine, word("città")) == {"a"}
    a, b = (stored for each in "ab" if (stored := engine.get(each)))
    assert a.article == structs.replace(ARTICLES[0], text="neve\nsulla città")
    assert b.article == ARTICLES[1]
    assert a.indexed_at.startswith("2026-11-28T")
    engine.close()


def test_an_open_engine_notices_that_another_version_rebuilt(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(engine, word("neve")) == {"a"}
    with monkeypatch.context() as patch:
        patch.setattr("indexer.engines.whoosh.schema.CHAIN", 99)
        patch.setattr("indexer.engines.whoosh.opening.CHAIN", 99)
        rebuild(url)
    for use in (
        lambda: engine.search(Query(EVERYTHING)),
        lambda: engine.get("a"),
        lambda: engine.write([Article(id="c")]),
        lambda: engine.delete(["a"]),
        engine.stats,
    ):
        with pytest.raises(IndexOutdated):
            use()


def test_a_rebuild_keeps_when_the_articles_came(engine: Engine, url: str) -> None:
    def stored() -> list[StoredArticle | None]:
        return [engine.get(article.id) for article in ARTICLES]

    before, generation = stored(), engine.generation()
    rebuild(url)
    assert stored() == before
    assert engine.generation() != generation


def test_a_rebuild_from_articles_holds_only_these_of_twins_the_later(
    engine: Engine, url: str
) -> None:
    new = [Article(id="c", text="neve"), Article(id="c", text="sole"), Article(id="d", text="neve")]
    assert rebuild(url, new) == Written(added=2, replaced=0)
    assert found(engine, EVERYTHING) == {"c", "d"}
    assert found(engine, word("neve")) == {"d"}


def test_the_old_index_answers_until_the_new_one_is_complete(engine: Engine, url: str) -> None:
    def articles() -> Iterator[Article]:
        yield Article(id="c", text="neve")
        assert found(engine, word("neve")) == {"a"}
        yield Article(id="d", text="neve")
        assert found(engine, word("neve")) == {"a"}

    rebuild(url, articles())
    assert found(engine, word("neve")) == {"c", "d"}


def test_writers_go_on_while_an_index_is_rebuilt_and_lose_nothing(url: str) -> None:
    old = open_engine(url, create=True)
    old.write(Article(id=str(number), text="prima") for number in range(300))
    engine = WhooshEngine(Folder(url.removeprefix("whoosh:")), patience=0)  # nobody waits

    def write(number: int) -> None:
        if number > 200:
            return
        assert engine.write([Article(id=f"n{number}", text="dopo")]) == Written(1, 0)
        assert engine.write([Article(id=str(number), text="dopo")]) == Written(0, 1)
        assert engine.delete([str(number + 1)]) == 1
        assert found(engine, word("dopo")) >= {f"n{number}", str(number)}

    rebuild(url, progress=write)
    assert found(old, word("dopo")) == {"n100", "n200", "100", "200"}
    expected = {str(number) for number in range(300)} - {"101", "201"} | {"n100", "n200"}
    assert found(old, EVERYTHING) == expected
    assert kept(url) is not None
    assert found(old, word("prima")) == expected - {"n100", "n200", "100", "200"}


def test_a_rebuild_from_articles_holds_what_is_written_meanwhile_too(
    engine: Engine, url: str
) -> None:
    def articles() -> Iterator[Article]:
        yield Article(id="c", text="neve")
        engine.write([Article(id="c", text="sole"), Article(id="e", text="sole")])
        engine.delete(["d"])
        yield Article(id="d", text="neve")

    engine.write([Article(id="d", text="vento")])
    rebuild(url, articles())
    assert found(engine, EVERYTHING) == {"c", "e"}
    assert found(engine, word("sole")) == {"c", "e"}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_and_merged_while_an_index_is_rebuilt_is_in_it(
    url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.whoosh.policy._TIERS", ((8, 2), (64, 2), (1_024, 2)))
    chance = random.Random(seed)
    engine = open_engine(url, create=True)
    texts = {str(number): "prima" for number in range(250)}
    engine.write(Article(id=name, text=text) for name, text in texts.items())

    def write(_number: int) -> None:
        for _ in range(chance.randrange(8)):
            names = [str(chance.randrange(400)) for _ in range(chance.randrange(1, 30))]
            if chance.random() < 0.4:
                engine.delete(names)
                for name in names:
                    texts.pop(name, None)
            else:
                text = chance.choice(["prima", "poi", "dopo"])
                engine.write(Article(id=name, text=text) for name in names)
                texts.update(dict.fromkeys(names, text))

    rebuild(url, progress=write)
    hits = engine.search(Query(EVERYTHING), limit=1_000).hits
    assert {hit.article.id: hit.article.text for hit in hits} == texts
    assert len(hits) == len(texts) == engine.stats().articles


def test_a_writer_that_never_rests_loses_nothing_to_a_rebuild(url: str) -> None:
    engine = open_engine(url, create=True)
    engine.write(Article(id=str(number), text="prima " * 50) for number in range(2_000))
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            engine.write([Article(id=f"n{len(acknowledged)}", text="dopo")])
            acknowledged.append(f"n{len(acknowledged)}")

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            for _ in range(3):
                rebuild(url, keep=False)
        finally:
            stop.set()
        writing.result()
    assert acknowledged
    assert found(engine, word("dopo")) == set(acknowledged)
    assert engine.stats().articles == 2_000 + len(acknowledged)


def test_a_failed_rebuild_changes_nothing(engine: Engine, url: str) -> None:
    def articles() -> Iterator[Article]:
        yield Article(id="c")
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        rebuild(url, articles())
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_a_rebuild_tells_how_far_it_is(url: str) -> None:
    engine = open_engine(url, create=True)
    engine.write(Article(id=str(number)) for number in range(250))
    engine.close()
    told: list[int] = []
    rebuild(url, progress=told.append)
    assert told == [100, 200, 250]


def test_another_programs_index_is_not_rebuilt(tmp_path: Path) -> None:
    theirs = create_in(tmp_path, Schema(id=ID(stored=True)))
    with theirs.writer() as writer:
        writer.add_document(id="theirs")
    with pytest.raises(EngineError, match="made by another program: name another folder"):
        rebuild(f"whoosh:{tmp_path}")
    assert theirs.doc_count() == 1
