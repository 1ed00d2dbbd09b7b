"""Does a kernel use no block that was not compared with its checksum, whatever comes in between?"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import IndexDamaged, Query
from indexer.engines.whoosh import Folder, WhooshEngine, create, native
from indexer.engines.whoosh.native import segment as native_segment
from indexer.engines.whoosh.searching import search
from indexer.engines.whoosh.sections import Sections
from tests.engines.asking import any_of, word

ASKED = Query(any_of("neve mare"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    if not native.library():
        pytest.skip("there was no C compiler")
    folder = Folder(tmp_path)
    create(folder)
    engine = WhooshEngine(folder)
    engine.write(Article(id=f"{number}", text="neve sole mare") for number in range(50))
    engine.search(Query(word("sole")))  # what is compared as a whole
    yield engine
    engine.close()


def uncompared(engine: WhooshEngine) -> Sections:
    (view,) = engine._latest().views
    sections = view.file.sections
    sections._unread[:] = b"\1" * len(sections._unread)
    return sections


def damaged(_sections: Sections, _block: int) -> None:
    raise IndexDamaged("a block fails its checksum")


def test_a_block_is_compared_once_and_the_search_goes_on(engine: WhooshEngine) -> None:
    sections = uncompared(engine)
    assert engine.search(ASKED).total == 50
    assert not any(sections._unread[:1])


def test_a_damaged_block_is_an_error_each_time(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    uncompared(engine)
    monkeypatch.setattr(Sections, "verify_block", damaged)
    for _ in range(2):
        with pytest.raises(IndexDamaged):
            engine.search(ASKED)


def test_an_interrupt_while_a_block_is_compared_reaches_who_asked(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_sections: Sections, _block: int) -> None:
        raise KeyboardInterrupt

    uncompared(engine)
    monkeypatch.setattr(Sections, "verify_block", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.search(ASKED)
    monkeypatch.undo()
    assert engine.search(ASKED).total == 50


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_before_the_first_step_of_comparing_takes_no_block_for_compared(
    engine: WhooshEngine,
) -> None:
    def swallowed(_block: int) -> None:
        raise KeyboardInterrupt  # as a signal does that comes before the function's first step

    uncompared(engine)
    snapshot = engine._latest()
    (view,) = snapshot.views
    assert view.kernels
    structure = view.kernels.segment._structure
    structure.compare = native_segment._COMPARE(swallowed)
    with pytest.raises(KeyboardInterrupt):
        engine.search(ASKED)
    met: list[BaseException] = []

    def ask() -> None:
        try:
            search(snapshot, ASKED, 0, 10)
        except BaseException as error:
            met.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert [type(error) for error in met] == [RuntimeError]


def test_a_damaged_file_is_let_go_of_as_soon_as_nobody_asks(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = weakref.ref(uncompared(engine))
    monkeypatch.setattr(Sections, "verify_block", damaged)
    with suppress(IndexDamaged):  # `pytest.raises` would hold what it caught
        engine.search(ASKED)
    engine.close()
    assert held() is None
