"""What do writes and deletions leave behind?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from msgspec.structs import replace

from indexer.articles import Article
from indexer.engines.contract import (
    EVERYTHING,
    Engine,
    IndexBusy,
    Query,
    StoredArticle,
    Written,
)
from indexer.italian import CHAIN
from tests.engines.asking import found, word

FULL = Article(
    id="tutto – ogni «campo»",
    title="L’Italia è qui",
    title_derived=True,
    text="Prima riga.\n\nSeconda riga, con un’emoji 😀, un NUL \0 e mezza coppia \ud83d.",
    raw="<p>Prima riga.</p>",
    date="2025-11",
    modified="2025-11-19T10:42+01:00",
    source="Agenzia DIRE",
    author="Mario Piccirillo",
    section="NOTIZIE",
    url="https://esempio.it/a?b=1&c=2",
    tags=("Pace", "guerra", "Pace"),
    extra={"punteggio": 3.5, "vuoto": None, "nidificato": {"lista": [1, "due"]}},
)


@pytest.mark.parametrize("article", [FULL, Article(id="vuoto"), Article(id="x", raw="")], ids=str)
def test_an_article_comes_back_as_it_was_given(engine: Engine, article: Article) -> None:
    engine.write([article])
    stored = engine.get(article.id)
    assert stored is not None
    assert stored.article == article
    assert datetime.fromisoformat(stored.indexed_at).utcoffset() is not None


def test_a_hit_is_the_article_without_its_raw_text(engine: Engine) -> None:
    engine.write([FULL])
    (hit,) = engine.search(Query(EVERYTHING)).hits
    assert hit.article == replace(FULL, raw=None)


def test_an_unknown_id_is_none(engine: Engine) -> None:
    assert engine.get("inesistente") is None


@pytest.mark.parametrize("others", [3, 300])
def test_many_are_looked_up_at_once(engine: Engine, others: int) -> None:
    first = [FULL, *(Article(id=f"{n}", text="neve", raw="<p>") for n in range(others))]
    engine.write(first)
    engine.write([Article(id="2", text="fiume"), Article(id="neu")])
    engine.delete(["0"])
    wanted = [each.id for each in first] + ["neu", "nobody"]
    held = engine.get_all(wanted)
    assert held == {name: found for name in wanted if (found := engine.get(name))}
    assert len(held) == others + 1
    assert held["2"].article.text == "fiume"
    assert held[FULL.id].article == FULL
    assert engine.get_all([]) == {}


def test_a_change_looks_up_what_it_is_built_on(engine: Engine) -> None:
    engine.write([Article(id="a", text="neve")])
    seen: list[object] = []

    def decide() -> dict[str, StoredArticle | None]:
        seen.append({name: held.article.text for name, held in engine.get_all("ab").items()})
        return {"a": None}

    engine.change(decide)
    engine.change(decide)
    assert seen == [{"a": "neve"}, {}]


def test_a_later_article_replaces_the_earlier_of_its_id(engine: Engine) -> None:
    assert engine.write([Article(id="a", text="neve"), Article(id="b", text="neve")]) == Written(
        added=2, replaced=0
    )
    assert engine.write([Article(id="b", text="fiume"), Article(id="c", text="fiume")]) == Written(
        added=1, replaced=1
    )
    assert found(engine, word("neve")) == {"a"}
    assert found(engine, word("fiume")) == {"b", "c"}


def test_of_two_with_one_id_in_one_write_the_later_stays(engine: Engine) -> None:
    twice = [Article(id="a", text="neve"), Article(id="b"), Article(id="a", text="fiume")]
    assert engine.write(twice) == Written(added=2, replaced=0)
    assert engine.write(twice) == Written(added=0, replaced=2)
    assert found(engine, word("neve")) == set()
    assert found(engine, word("fiume")) == {"a"}
    assert engine.stats().articles == 2


def test_ids_are_told_apart_exactly(engine: Engine) -> None:
    engine.write([Article(id=name) for name in ("a", "A", "à", "a b", "a  b")])
    assert engine.delete(["A", "a b"]) == 2
    assert found(engine, EVERYTHING) == {"a", "à", "a  b"}


def test_deleted_articles_are_gone_and_counted(engine: Engine) -> None:
    engine.write([Article(id=name, text="neve") for name in "abc"])
    assert engine.delete(["a", "c", "a", "inesistente"]) == 2
    assert engine.delete(["a"]) == 0
    assert found(engine, word("neve")) == {"b"}
    assert engine.get("a") is None


def test_a_deleted_article_can_come_again(engine: Engine) -> None:
    engine.write([Article(id="a", text="neve")])
    engine.delete(["a"])
    assert engine.write([Article(id="a", text="fiume")]) == Written(added=1, replaced=0)
    assert found(engine, word("fiume")) == {"a"}


def test_a_failed_write_changes_nothing(engine: Engine) -> None:
    def articles() -> Iterator[Article]:
        yield Article(id="a", text="fiume")
        yield Article(id="b", text="fiume")
        raise RuntimeError("the disk went away")

    engine.write([Article(id="a", text="neve")])
    before = engine.generation()
    with pytest.raises(RuntimeError, match="the disk went away"):
        engine.write(articles())
    assert engine.generation() == before
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"a"}
    assert engine.write([Article(id="b", text="neve")]) == Written(added=1, replaced=0)
    assert found(engine, word("neve")) == {"a", "b"}


def test_the_generation_changes_with_each_commit_and_only_then(engine: Engine) -> None:
    seen = [engine.generation()]
    for change in (
        lambda: engine.write([Article(id="a")]),
        lambda: engine.write([Article(id="a")]),
        lambda: engine.delete(["a"]),
    ):
        change()
        seen.append(engine.generation())
    assert len(set(seen)) == len(seen)
    engine.write([])
    engine.delete(["a"])
    engine.search(Query(EVERYTHING))
    assert engine.generation() == seen[-1]


def test_stats_tell_size_and_age(engine: Engine) -> None:
    engine.write([Article(id="a"), Article(id="b")])
    engine.delete(["b"])
    stats = engine.stats()
    assert (stats.articles, stats.chain) == (1, CHAIN)
    assert stats.generation == engine.generation()
    assert stats.last_commit is not None
    assert datetime.fromisoformat(stats.last_commit).utcoffset() is not None
    assert engine.last_commit() == stats.last_commit


def test_a_word_of_any_length_is_indexed(engine: Engine) -> None:
    engine.write([Article(id="a", text="a" * 100_000 + " neve")])
    assert found(engine, word("neve")) == {"a"}


def kept(article_id: str, text: str = "neve") -> StoredArticle:
    return StoredArticle(Article(id=article_id, text=text), "2025-11-20T08:00:00+00:00")


def test_a_change_is_decided_on_what_the_index_holds_and_made_at_once(engine: Engine) -> None:
    engine.write([Article(id=name, text="neve") for name in "ab"])

    def decide() -> dict[str, StoredArticle | None]:
        held = [name for name in "abc" if engine.get(name)]
        return {"a": None, "b": kept("b", " ".join(held)), "c": kept("c")}

    before = engine.generation()
    engine.change(decide)
    assert engine.generation() == before + 1
    assert engine.get("a") is None
    assert engine.get("b") == kept("b", "a b")
    assert found(engine, word("neve")) == {"c"}


@pytest.mark.parametrize("decided", [{}, {"z": None}])
def test_a_change_of_nothing_is_no_commit(
    engine: Engine, decided: dict[str, StoredArticle | None]
) -> None:
    engine.write([Article(id="a")])
    before = engine.generation()
    engine.change(lambda: decided)
    assert engine.generation() == before


def test_a_change_that_fails_changes_nothing_and_lets_go(engine: Engine) -> None:
    def decide() -> dict[str, StoredArticle | None]:
        raise RuntimeError("a fault")

    engine.write([Article(id="a")])
    with pytest.raises(RuntimeError, match="a fault"):
        engine.change(decide)
    assert found(engine, EVERYTHING) == {"a"}
    engine.change(lambda: {"b": kept("b")}, patience=0)
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_who_waits_too_long_to_change_is_told_and_has_decided_nothing(engine: Engine) -> None:
    asked: list[str] = []

    def decide_late() -> dict[str, StoredArticle | None]:
        asked.append("late")
        return {"late": kept("late")}

    def decide() -> dict[str, StoredArticle | None]:
        with ThreadPoolExecutor() as other, pytest.raises(IndexBusy):
            other.submit(engine.change, decide_late, patience=0.05).result()
        return {"a": kept("a")}

    engine.change(decide)
    assert asked == []
    assert found(engine, EVERYTHING) == {"a"}
