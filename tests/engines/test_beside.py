"""Is what helpers build in the index as if one process had built it all?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import EVERYTHING, IndexMissing, StoredArticle
from indexer.engines.helper import Helper
from indexer.engines.processes import Starter
from indexer.engines.whoosh import Folder, beside
from indexer.engines.whoosh.index import WhooshEngine
from tests.engines.asking import found, ranked, word

MANY = 260
TIME = "2026-11-29T12:00:00+00:00"
Changes = dict[str, StoredArticle | None]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each part that was handed over travelled as MessagePack."""
    handed: list[bool] = []
    begin = Helper.begin

    def counted(helper: Helper[beside.Part, object], part: beside.Part) -> bool:
        handed.append(isinstance(part, bytes))
        return begin(helper, part)

    monkeypatch.setattr(Helper, "begin", counted)
    monkeypatch.setattr(beside, "_MANY", 100)
    return handed


@contextmanager
def opened(folder: Path, helpers: int) -> Iterator[WhooshEngine]:
    engine = open_engine(f"whoosh:{folder}", create=True, helpers=helpers)
    assert isinstance(engine, WhooshEngine)
    yield engine
    engine.close()


@pytest.fixture
def helped(tmp_path: Path, handed: list[bool]) -> Iterator[WhooshEngine]:
    with opened(tmp_path / "helped", helpers=2) as engine:
        yield engine


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[WhooshEngine]:
    with opened(tmp_path / "alone", helpers=0) as engine:
        yield engine


@pytest.fixture
def both(helped: WhooshEngine, alone: WhooshEngine) -> Callable[[Changes], None]:
    """Return what changes both indexes, and compares them."""

    def change(changes: Changes) -> None:
        for engine in (helped, alone):
            engine.change(lambda: changes)
        everything = found(alone, EVERYTHING)
        assert found(helped, EVERYTHING) == everything
        assert helped.get_all(everything) == alone.get_all(everything)
        for its in ("neve", "fiume", "inverni", "numero77", "titolo"):
            assert ranked(helped, word(its)) == ranked(alone, word(its))

    return change


def articles(word: str, count: int = MANY) -> Changes:
    return {f"a{n}": StoredArticle(article(n, word), TIME) for n in range(count)}


def article(number: int, word: str) -> Article:
    return Article(
        id=f"a{number}",
        title=f"Titolo {word} {number % 7}",
        text=f"{word} numero{number} dell'inverno",
        tags=("Pace",) if number % 3 else (),
        extra={"n": number} if number % 5 else {},
    )


def process_of(helper: beside.PartHelper) -> int:
    process: int = helper._process.pid
    return process


@pytest.mark.parametrize(
    ("odd", "packed"),
    [
        (Article(id="odd", text="neve"), True),
        (Article(id="odd", text="neve \ud83d"), False),
        (Article(id="odd", text="neve", extra={"n": 2**70, "deep": [{"er": None}]}), False),
    ],
    ids=["an ordinary one", "half a surrogate pair", "a number beyond 64 bits"],
)
def test_a_change_is_the_same_with_helpers(
    both: Callable[[Changes], None], handed: list[bool], odd: Article, packed: bool
) -> None:
    both(articles("neve") | {"odd": StoredArticle(odd, TIME)})
    assert handed == [True, packed]
    both(articles("fiume", MANY - 40))  # most of them replaced
    assert len(handed) == 4
    both(articles("lago", 10) | {"a12": None})
    assert len(handed) == 4, "little is handed to nobody"


def test_helpers_that_are_gone_are_not_missed(
    both: Callable[[Changes], None], helped: WhooshEngine
) -> None:
    both(articles("neve"))
    for helper, its in zip(helped._known.helpers, ("fiume", "lago"), strict=True):
        os.kill(process_of(helper), signal.SIGKILL)
        both(articles(its))


@pytest.mark.parametrize("broken", ["a10", "a100", "a200"])  # of this process, and of each helper
def test_what_fails_changes_nothing_and_leaves_nobody_at_work(
    both: Callable[[Changes], None], helped: WhooshEngine, tmp_path: Path, broken: str
) -> None:
    both(articles("neve"))
    files = {each.name for each in (tmp_path / "helped").iterdir()}
    failing = articles("fiume")
    failing[broken] = StoredArticle(Article(id=broken, text=7), TIME)  # type: ignore[arg-type]
    with pytest.raises((AttributeError, msgspec.ValidationError)):
        helped.change(lambda: failing)
    assert {each.name for each in (tmp_path / "helped").iterdir()} == files
    for helper in helped._known.helpers:
        assert helper.begin([])
        assert helper.end() == []  # of this part, and no other
    both(articles("lago"))


def test_what_fails_while_parts_are_handed_over_leaves_no_part_behind(
    both: Callable[[Changes], None], helped: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(articles("neve"))
    packed, packing = beside._packed, list[int]()

    def failing(part: list[StoredArticle]) -> beside.Part:
        packing.append(len(part))
        if len(packing) == 2:
            raise MemoryError
        return packed(part)

    monkeypatch.setattr(beside, "_packed", failing)
    with pytest.raises(MemoryError):
        helped.change(lambda: articles("fiume"))
    both(articles("lago"))


def test_there_are_fewer_where_no_more_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started, start = list[object](), Starter.start

    def refusing(starter: Starter, *task: object) -> object:
        if started:
            raise BlockingIOError("too many processes")
        started.append(start(starter, *task))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(Starter, "start", refusing)
    (only,) = beside.start_helpers(Folder(tmp_path), 3)
    assert "too many processes" in caplog.text
    only.close()


def test_an_index_that_cannot_be_opened_leaves_no_helper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(Starter, "start", lambda *task: started.append(task))
    with pytest.raises(IndexMissing):
        open_engine(f"whoosh:{tmp_path}/none", helpers=2)
    assert not started
