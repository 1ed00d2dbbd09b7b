"""Are counts asked for once, and never those of a commit before?"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from indexer import engines
from indexer.articles import Article
from indexer.engines.contract import Engine, Query
from indexer.engines.opensearch.connection import Connection
from tests.engines.asking import any_of, ranked, word


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many searches each request asks."""
    numbers: list[int] = []
    lines = Connection.lines

    def counted(self: Connection, path: str, its: Iterable[object], **more: object) -> object:
        kept = list(its)
        numbers.append(len(kept) // 2)
        return lines(self, path, kept, **more)

    monkeypatch.setattr(Connection, "lines", counted)
    return numbers


def scores(engine: Engine) -> dict[str, float]:
    hits = engine.search(Query(any_of("neve fiumi"))).hits
    return {hit.article.id: hit.score for hit in hits}


def test_a_count_is_asked_for_once_for_each_commit(engine: Engine, asked: list[int]) -> None:
    engine.write([Article(id="a", text="neve e fiumi"), Article(id="b", text="neve")])
    asked.clear()
    first = scores(engine)  # sees the commit for the first time, and keeps nothing yet
    assert scores(engine) == first
    assert scores(engine) == first
    # The hits and the last commit; the totals, and of two words the stem and the form.
    assert asked == [2 + 5, 2 + 5, 2]
    assert engine.search(Query(word("neve"))).total == 2
    assert asked[3:] == [2]
    assert engine.search(Query(any_of("neve monti"))).total == 2
    assert asked[4:] == [2 + 2]


def test_after_a_commit_of_whomever_scores_are_those_of_a_fresh_look(
    url: str, engine: Engine
) -> None:
    other = engines.open_engine(url)
    for number in range(4):
        for _ in range(2):
            scores(engine)
        other.write([Article(id=f"n{number}", text=f"neve {'monti ' * number}")])
        assert scores(engine) == scores(engine) == scores(engines.open_engine(url))
    other.delete(["n0", "n2"])
    assert scores(engine) == scores(engines.open_engine(url))
    engines.rebuild(url, [Article(id="x", text="fiumi"), Article(id="y", text="neve")])
    assert scores(engine) == scores(engine) == scores(engines.open_engine(url))
    engines.roll_back(url)
    assert scores(engine) == scores(engines.open_engine(url))
    assert set(ranked(engine, word("neve"))) == {"n1", "n3"}
    other.close()
