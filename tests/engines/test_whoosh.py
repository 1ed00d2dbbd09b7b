"""What Whoosh does wrong by itself (durability, threads, locks, exact sets), done right here."""

from __future__ import annotations

import os
import random
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whoosh.fields import ID, Schema
from whoosh.index import create_in, open_dir
from whoosh.query import Term

from indexer.articles import Article
from indexer.engines import open_engine, rebuild
from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    AnyOf,
    EngineError,
    Field,
    IndexBusy,
    IndexMissing,
    Is,
    Not,
    Query,
    Sort,
)
from indexer.engines.whoosh import Folder, WhooshEngine
from tests.engines.asking import any_of, found, ranked, word
from tests.engines.memory import MemoryEngine

# Until they are garbage-collected, when it meets an error on the way.
whoosh_leaves_files_open = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    engine = open_engine(f"whoosh:{folder}", create=True)
    assert isinstance(engine, WhooshEngine)
    yield engine
    engine.close()


def test_whoosh_itself_opens_the_index(engine: WhooshEngine, folder: Path) -> None:
    engine.write([Article(id="a", text="La neve"), Article(id="b", text="Il sole")])
    with open_dir(folder).searcher() as searcher:
        (hit,) = searcher.search(Term("forms", "neve"))
        assert hit["article"].id == "a"


def test_a_commit_is_seen_at_once_by_every_engine(engine: WhooshEngine, folder: Path) -> None:
    other = open_engine(f"whoosh:{folder}")
    for number in range(12):
        engine.write([Article(id=str(number % 5), text=f"neve {number}")])
        assert found(other, word("neve")) == {str(n) for n in range(min(number + 1, 5))}
        assert found(other, word(str(number))) == {str(number % 5)}
        assert other.generation() == engine.generation()
    other.close()


def test_exclusions_are_right_over_segments_with_deletions(engine: WhooshEngine) -> None:
    texts = ["alfa", "cane dado elmo bravo alfa", "bravo", "alfa bravo", "bravo cane", "cane"]
    for number, text in enumerate(texts):
        engine.write([Article(id=str(number), text=text)])
    alfa, bravo, cane = word("alfa"), word("bravo"), word("cane")
    assert found(engine, AllOf((bravo, Not(alfa)))) == {"2", "4"}
    engine.delete(["2", "5"])
    assert found(engine, AllOf((bravo, Not(alfa)))) == {"4"}
    assert found(engine, Not(cane)) == {"0", "3"}
    assert found(engine, Not(Not(cane))) == {"1", "4"}
    assert found(engine, AnyOf((cane, Not(bravo)))) == {"0", "1", "4"}


def test_the_first_ten_are_the_best_ten(engine: WhooshEngine) -> None:
    chance = random.Random(1)
    vocabulary = [f"parola{number}" for number in range(12)]
    articles = [
        Article(id=f"{n:03}", text=" ".join(chance.choices(vocabulary, k=chance.randint(1, 30))))
        for n in range(300)
    ]
    truth = MemoryEngine()
    for part in range(0, 300, 100):
        engine.write(articles[part : part + 100])
    truth.write(articles)
    for _ in range(20):
        one, two, three, four = (any_of(" ".join(chance.sample(vocabulary, 2))) for _ in range(4))
        clause = AllOf((AnyOf((one, AllOf((two, three)))), Not(four)))
        best = ranked(truth, clause)
        for offset in (0, 10, 20):
            page = engine.search(Query(clause), offset=offset)
            assert [hit.article.id for hit in page.hits] == best[offset : offset + 10]
            assert page.total == len(best)


def test_threads_get_right_answers_while_articles_change(engine: WhooshEngine) -> None:
    def articles(version: int) -> list[Article]:
        return [Article(id=str(n), text=f"neve versione{version}") for n in range(20)]

    def read() -> None:
        try:
            while not stop.is_set():
                hits = engine.search(Query(word("neve")), limit=100).hits
                assert {hit.article.id for hit in hits} == {str(n) for n in range(20)}
                assert len({hit.article.text for hit in hits}) == 1, "half a commit was seen"
        except BaseException as error:
            wrong.append(error)

    engine.write(articles(0))
    wrong: list[BaseException] = []
    stop = threading.Event()
    threads = [threading.Thread(target=read) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for version in range(1, 13):
            engine.write(articles(version))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(interval)
    assert wrong == []


def test_a_second_writer_is_told_that_the_index_is_busy(folder: Path, engine: WhooshEngine) -> None:
    other = WhooshEngine(Folder(folder), patience=0.05)

    def articles() -> Iterator[Article]:
        holder = f"Process {os.getpid()} on {socket.gethostname()} has been writing"
        with pytest.raises(IndexBusy, match=holder + ".*: let it end, or stop it, and try again"):
            other.write([Article(id="b")])
        with pytest.raises(IndexBusy):
            other.delete(["a"])
        yield Article(id="a")

    engine.write(articles())
    other.write([Article(id="b")])
    assert found(engine, EVERYTHING) == {"a", "b"}
    other.close()


def test_the_lock_of_a_killed_writer_is_free(folder: Path, engine: WhooshEngine) -> None:
    def killed() -> Iterator[Article]:
        yield Article(id="a", text="neve")
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        engine.write(killed())
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    WhooshEngine(Folder(folder), patience=0).write([Article(id="b")])
    assert found(engine, EVERYTHING) == {"b"}


def test_a_second_writer_waits_for_the_first(folder: Path, engine: WhooshEngine) -> None:
    other = WhooshEngine(Folder(folder))

    def articles() -> Iterator[Article]:
        waiting.start()
        time.sleep(0.1)
        yield Article(id="a")

    waiting = threading.Thread(target=lambda: other.write([Article(id="b")]))
    engine.write(articles())
    waiting.join()
    assert found(engine, EVERYTHING) == {"a", "b"}
    other.close()


@pytest.mark.parametrize("change", ["write", "delete", "rebuild"])
def test_a_process_killed_at_any_file_operation_leaves_old_or_new(
    folder: Path, engine: WhooshEngine, change: str
) -> None:
    old = [Article(id=str(n), text="neve") for n in range(3)]
    new = [Article(id="1", text="sole"), Article(id="9", text="sole")]
    changes: dict[str, Callable[[], object]] = {
        "write": lambda: engine.write(new),
        "delete": lambda: engine.delete(["0"]),
        "rebuild": lambda: rebuild(f"whoosh:{folder}", new),
    }
    outcomes = {
        "write": {"neve": {"0", "2"}, "sole": {"1", "9"}},
        "delete": {"neve": {"1", "2"}, "sole": set()},
        "rebuild": {"neve": set(), "sole": {"1", "9"}},
    }
    before = {"neve": {"0", "1", "2"}, "sole": set[str]()}
    engine.write(old)
    seen = []
    for operation in range(1, 1000):
        finished = _killed_at(operation, folder, changes[change])
        state = {text: found(engine, word(text)) for text in ("neve", "sole")}
        assert state in (before, outcomes[change])
        seen.append(state)
        if finished:
            break
        if state != before:
            engine.write(old)
            engine.delete(["9"])
            assert {text: found(engine, word(text)) for text in ("neve", "sole")} == before
    assert seen[0] == before
    assert seen[-1] == outcomes[change]
    assert len(seen) > 10
    engine.write([Article(id="z")])
    assert {path.suffix for path in folder.iterdir()} == {"", ".seg", ".toc"}  # "": the lock


def _killed_at(operation: int, folder: Path, change: Callable[[], object]) -> bool:
    """Make *change* in a process that dies before its n-th file operation; False when it died."""
    child = os.fork()
    if child == 0:
        left = operation

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in _FILE_OPERATIONS and str(folder) in str(arguments[0]):
                left -= 1
                if left == 0:
                    os._exit(9)

        sys.addaudithook(count)
        change()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9)
    return code == 0


_CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
_FILE_OPERATIONS = {"open", "os.listdir", "os.scandir", *_CHANGING}


@whoosh_leaves_files_open
@pytest.mark.parametrize("room", [0, 100, 2_000, 20_000])
def test_a_disk_without_room_changes_nothing_and_keeps_no_lock(
    engine: WhooshEngine, folder: Path, room: int
) -> None:
    engine.write([Article(id="a", text="neve")])
    words = " ".join(f"parola{number}" for number in range(5_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))  # writing past it is an OSError
    try:
        with pytest.raises(EngineError, match=r"No room for .* bytes more at .* where"):
            engine.write([Article(id="b", text=words)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert found(engine, EVERYTHING) == found(engine, word("neve")) == {"a"}
    engine.write([Article(id="b", text=words)])
    assert found(engine, EVERYTHING) == {"a", "b"}


def test_one_article_commits_do_not_pile_up_segments(engine: WhooshEngine, folder: Path) -> None:
    for number in range(60):
        engine.write([Article(id=str(number), text="neve")])
    assert len(found(engine, word("neve"))) == 60
    assert len(list(folder.glob("*.seg"))) < 12


def test_an_index_that_goes_away_is_missed(engine: WhooshEngine, folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(IndexMissing, match="is gone"):
        engine.search(Query(EVERYTHING))


@whoosh_leaves_files_open
@pytest.mark.parametrize("ending", [".toc", ".seg"])
def test_a_damaged_index_says_what_to_do(engine: WhooshEngine, folder: Path, ending: str) -> None:
    engine.write([Article(id="a")])
    for path in folder.glob(f"*{ending}"):
        path.write_bytes(b"")
    with pytest.raises(EngineError, match="restore a copy; without one"):
        open_engine(f"whoosh:{folder}")


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="name another folder"):
        open_engine(f"whoosh:{tmp_path}/file", create=True)


def test_a_folder_with_another_programs_index_is_left_alone(tmp_path: Path) -> None:
    create_in(tmp_path, Schema(id=ID(stored=True)))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(EngineError, match="made by another program: name another folder"):
        open_engine(f"whoosh:{tmp_path}", create=True)
    assert sorted(set(tmp_path.iterdir()) - {tmp_path / "MAIN_WRITELOCK"}) == before


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.TITLE, Sort.RELEVANCE])
def test_fewer_hits_than_asked_for_are_these_alone_however_large_the_segment(
    tmp_path: Path, sort: Sort
) -> None:
    # Two hits 1,024 articles apart share a column of the search for the best.
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    sources = {7: "ANSA", 7 + 1024: "ANSA"}
    engine.write(Article(id=f"{n:04}", source=sources.get(n)) for n in range(5_000))
    page = engine.search(Query(Is(Field.SOURCE, ("ansa",)), sort), limit=10)
    assert [hit.article.id for hit in page.hits] == ["0007", "1031"]
    engine.close()
