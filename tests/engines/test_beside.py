"""Is what helpers build in the index as if one process had built it all?"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import EVERYTHING, StoredArticle
from indexer.engines.whoosh import beside
from indexer.engines.whoosh.index import WhooshEngine
from tests.engines.asking import found, ranked, word

MANY = 260
TIME = "2026-11-29T12:00:00+00:00"


@pytest.fixture
def helped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WhooshEngine]:
    monkeypatch.setattr(beside, "MANY", 100)
    engine = open_engine(f"whoosh:{tmp_path}/helped", create=True, helpers=2)
    assert isinstance(engine, WhooshEngine)
    yield engine
    engine.close()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[WhooshEngine]:
    engine = open_engine(f"whoosh:{tmp_path}/alone", create=True)
    assert isinstance(engine, WhooshEngine)
    yield engine
    engine.close()


def articles(word: str, count: int = MANY, odd: str = "") -> dict[str, StoredArticle | None]:
    """Return a change: so many articles, the last one with an *odd* letter."""
    return {
        f"a{n}": StoredArticle(
            Article(
                id=f"a{n}",
                title=f"Titolo {word} {n % 7}",
                text=f"{word} numero{n} dell'inverno" + odd * (n == count - 1),
                tags=("Pace",) if n % 3 else (),
                extra={"n": n} if n % 5 else {},
            ),
            TIME,
        )
        for n in range(count)
    }


def processes(engine: WhooshEngine) -> list[int]:
    return [each._process.pid for each in engine._known.helpers]


def check(helped: WhooshEngine, alone: WhooshEngine) -> None:
    everything = found(alone, EVERYTHING)
    assert found(helped, EVERYTHING) == everything
    assert helped.get_all(everything) == alone.get_all(everything)
    for its in ("neve", "fiume", "inverni", "numero77", "titolo"):
        assert ranked(helped, word(its)) == ranked(alone, word(its))


# Half a surrogate pair, and a number beyond 64 bits, travel in another way.
@pytest.mark.parametrize("odd", ["", "\ud83d"])
def test_a_change_is_the_same_with_helpers(
    helped: WhooshEngine, alone: WhooshEngine, odd: str
) -> None:
    for engine in (helped, alone):
        engine.change(lambda: articles("neve", odd=odd))
        # Most of them replaced, a few of them little enough for one process.
        engine.change(lambda: articles("fiume", MANY - 40))
        engine.change(lambda: articles("lago", 10) | {"a12": None})
    check(helped, alone)
    assert helped.stats().articles == MANY - 1


def test_helpers_that_are_gone_are_not_missed(helped: WhooshEngine, alone: WhooshEngine) -> None:
    for engine in (helped, alone):
        engine.change(lambda: articles("neve"))
    first, second = processes(helped)
    os.kill(first, signal.SIGKILL)
    for engine in (helped, alone):
        engine.change(lambda: articles("fiume"))
    check(helped, alone)
    os.kill(second, signal.SIGKILL)
    for engine in (helped, alone):
        engine.change(lambda: articles("lago"))
    check(helped, alone)


def test_what_fails_at_a_helper_changes_nothing(
    helped: WhooshEngine, alone: WhooshEngine, tmp_path: Path
) -> None:
    for engine in (helped, alone):
        engine.change(lambda: articles("neve"))
    files = {each.name for each in (tmp_path / "helped").iterdir()}
    broken = articles("fiume")
    broken["a200"] = StoredArticle(Article(id="a200", text=7), TIME)  # type: ignore[arg-type]
    with pytest.raises((AttributeError, TypeError)):
        helped.change(lambda: broken)
    assert {each.name for each in (tmp_path / "helped").iterdir()} == files
    check(helped, alone)
    for engine in (helped, alone):
        engine.change(lambda: articles("lago"))
    check(helped, alone)
