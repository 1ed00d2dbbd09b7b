"""Does an index of another version say so, and does a rebuild keep everything?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.fields import ID, Schema
from whoosh.index import create_in

from indexer.articles import Article
from indexer.engines import open_engine, rebuild
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    EngineError,
    IndexOutdated,
    Query,
    StoredArticle,
    Written,
)
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
