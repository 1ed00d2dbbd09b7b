"""Does a check find what is damaged and name whom it touches, and does a repair keep the rest?"""

from __future__ import annotations

import io
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import engines
from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, EngineError, IndexDamaged, Query, StoredArticle
from indexer.engines.integrity import Checkup, Repair
from indexer.engines.whoosh import (
    Folder,
    WhooshEngine,
    check,
    contents,
    create,
    merging,
    repair,
    sections,
)
from tests.engines.faults import Calm

Stored = dict[str, StoredArticle]


def articles(count: int, seed: int) -> Iterator[Article]:
    chance = random.Random(seed)
    for number in range(count):
        words = " ".join(f"parola{chance.randrange(400)}" for _ in range(200))
        raw = f"<p>{words}</p>" if number % 5 == 0 else None
        yield Article(id=f"{seed}-{number}", title=f"Titolo {number}", text=words, raw=raw)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Calm(tmp_path_factory.mktemp("original"))
    create(folder)
    engine = WhooshEngine(folder)
    engine.write(articles(320, 1))
    engine.write(articles(3, 2))
    engine.delete(["1-7", "1-8", "2-0"])
    engine.write([Article(id="1-9", text="riscritto")])
    engine.close()
    return folder.path


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Folder:
    shutil.copytree(original, tmp_path / "index")
    return Calm(tmp_path / "index")


@pytest.fixture(scope="module")
def everything(original: Path) -> Stored:
    return held(Folder(original))


def held(folder: Folder) -> Stored:
    engine = WhooshEngine(folder)
    ids = [hit.article.id for hit in engine.search(Query(EVERYTHING), limit=1_000).hits]
    kept = {name: stored for name in ids if (stored := engine.get(name))}
    assert len(kept) == len(ids) == engine.stats().articles
    engine.close()
    return kept


def checked(folder: Folder) -> Checkup:
    return check(folder, lambda total: None, lambda size: None)


def repaired(folder: Folder) -> Repair:
    return repair(folder, lambda total: None, lambda size: None, jobs=1)


def largest(folder: Folder) -> Path:
    return max(folder.path.glob("*.seg"), key=lambda path: path.stat().st_size)


def table(folder: Folder) -> Path:
    (path,) = folder.path.glob("*.toc")
    return path


def within(folder: Folder, name: str) -> tuple[int, int]:
    """Return where the section *name* of the largest segment begins and ends."""
    opened = sections.Sections(folder.open(largest(folder).name))
    offset, length, kind = opened._table[name]
    return offset, offset + length * int(kind[-1])


def overwrite(path: Path, place: int, content: bytes) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + content + whole[place + len(content) :])


def test_a_whole_index_is_whole_and_a_repair_changes_nothing(folder: Folder) -> None:
    before = sorted(folder.names())
    found = checked(folder)
    assert found.whole
    assert (found.files, found.articles) == (4, 320)
    assert found.bytes == sum(path.stat().st_size for path in folder.path.glob("*.seg"))
    assert repaired(folder) == Repair((), 320)
    assert sorted(folder.names()) == before


def test_progress_tells_of_every_byte_of_every_block(folder: Folder) -> None:
    began: list[int] = []
    looked: list[int] = []
    check(folder, began.append, looked.append)
    assert len(began) == 1
    assert 0.95 * began[0] < sum(looked) <= began[0]


def test_a_flipped_bit_anywhere_is_found_and_undone(
    folder: Folder, original: Path, everything: Stored, faults: int
) -> None:
    chance = random.Random(1)
    for source in sorted(original.iterdir()):
        size = source.stat().st_size
        tail = chance.sample(range(size - 40, size), min(40, 2 * faults))
        some = [*tail, *(chance.randrange(size) for _ in range(3 * faults))]
        for place in some if source.suffix in {".seg", ".toc"} else []:
            shutil.rmtree(folder.path)
            shutil.copytree(original, folder.path)
            path = folder.path / source.name
            overwrite(path, place, bytes([path.read_bytes()[place] ^ 1 << chance.randrange(8)]))
            told = f"byte {place} of {size} of {source.suffix}"
            assert {damage.file for damage in checked(folder).damages} == {source.name}, told
            found = repaired(folder)
            assert (found.lost, found.unknown_lost, found.deletions_forgotten) == ((), 0, False), (
                told
            )
            assert checked(folder).whole
            assert held(folder) == everything, told
            assert folder.path.joinpath(source.name + ".damaged").exists()


def test_lost_texts_are_named_and_all_others_kept(folder: Folder, everything: Stored) -> None:
    start, stop = within(folder, "text_blocks")
    overwrite(largest(folder), (start + stop) // 2, random.Random(2).randbytes(4096))
    (damage,) = checked(folder).damages
    assert damage.articles == 317
    assert 0 < len(damage.unreadable) < 320
    found = repaired(folder)
    assert checked(folder).whole
    assert found.unknown_lost == 0
    # A check trusts no byte of a damaged block, a repair the texts whose own checksums are right.
    assert 0 < len(found.lost) < 30 < len(damage.unreadable)
    left = {name: kept for name, kept in everything.items() if name not in found.lost}
    assert held(folder) == left
    assert found.articles == len(left)


def test_postings_are_made_anew_from_the_texts(folder: Folder, everything: Stored) -> None:
    start, _ = within(folder, "positions")
    overwrite(largest(folder), start + 70_000, b"something else altogether")
    (damage,) = checked(folder).damages
    assert damage.unreadable == ()
    assert repaired(folder).lost == ()
    assert checked(folder).whole
    assert held(folder) == everything


def test_a_segment_of_which_nothing_is_left_is_counted(folder: Folder, everything: Stored) -> None:
    path = largest(folder)
    path.unlink()
    with pytest.raises(EngineError):
        WhooshEngine(folder)
    (damage,) = checked(folder).damages
    assert (damage.file, damage.what, damage.articles) == (path.name, ("it is missing",), 317)
    found = repaired(folder)
    assert (found.articles, found.unknown_lost) == (3, 317)
    assert held(folder) == {name: everything[name] for name in ("2-1", "2-2", "1-9")}


@pytest.mark.parametrize("length", [0, 100, 30_000])
def test_a_cut_segment_is_counted(folder: Folder, length: int) -> None:
    path = largest(folder)
    path.write_bytes(path.read_bytes()[:length])
    assert [damage.file for damage in checked(folder).damages] == [path.name]
    assert repaired(folder).unknown_lost == 317
    assert checked(folder).whole


@pytest.mark.parametrize("content", [None, b"", b"x" * 3_000])
def test_without_its_table_an_index_is_gathered_from_what_is_there(
    folder: Folder, everything: Stored, content: bytes | None
) -> None:
    if content is None:
        table(folder).unlink()
    else:
        table(folder).write_bytes(content)
    (damage,) = checked(folder).damages
    assert damage.file.endswith(".toc")
    found = repaired(folder)
    assert found.deletions_forgotten
    assert checked(folder).whole
    kept = held(folder)
    assert kept.keys() == everything.keys() | {"1-7", "1-8", "2-0"}
    # Seconds tell what came later, and the two versions came within one: either may stay.
    versions = {"riscritto", next(a.text for a in articles(320, 1) if a.id == "1-9")}
    assert kept.pop("1-9").article.text in versions
    assert {name: kept[name] for name in everything if name != "1-9"}.items() <= everything.items()


def silent(_done: int, _total: int) -> None: ...


def without_table(folder: Folder) -> str:
    table(folder).unlink()
    return f"whoosh:{folder.path}"


@pytest.mark.parametrize(
    "use",
    [
        lambda url: engines.open_engine(url),
        lambda url: engines.open_engine(url, create=True),
        lambda url: engines.filling(url).__enter__(),
        lambda url: engines.rebuild(url),
        lambda url: engines.rebuild(url, [Article(id="new")]),
        lambda url: engines.restore(url, io.BytesIO(), silent),
        lambda url: engines.back_up(url, io.BytesIO(), silent),
        lambda url: engines.stored(url),
        lambda url: engines.roll_back(url),
        lambda url: engines.forget(url),
    ],
)
def test_an_index_whose_table_is_gone_is_damaged_and_no_vacant_place(
    folder: Folder, use: Callable[[str], object]
) -> None:
    url = without_table(folder)
    segments = sorted(folder.path.glob("*.seg"))
    with pytest.raises(IndexDamaged, match=rf"check --repair --index {url} "):
        use(url)
    assert sorted(folder.path.glob("*.seg")) == segments
    assert repaired(folder).lost == ()


def test_a_copy_takes_the_place_of_an_index_whose_table_is_gone_and_keeps_its_articles(
    folder: Folder, everything: Stored
) -> None:
    backup = io.BytesIO()
    engines.back_up(f"whoosh:{folder.path}", backup, silent)
    backup.seek(0)
    url = without_table(folder)
    engines.restore(url, backup, silent, replace=True)
    assert held(folder) == everything
    with pytest.raises(IndexDamaged):
        engines.roll_back(url)
    assert repaired(folder.inside("previous")).articles == len(everything) + 3
    engines.roll_back(url)
    assert held(folder).keys() > everything.keys()


def test_who_has_an_index_open_hears_that_its_table_is_gone_and_sees_the_repaired_one(
    folder: Folder,
) -> None:
    engine = WhooshEngine(folder)
    generation = engine.generation()
    without_table(folder)
    with pytest.raises(IndexDamaged):
        engine.stats()
    repaired(folder)
    # However many commits come before the next look, none has the number that was seen.
    assert engine.generation() > generation + 1_000_000
    assert engine.stats().articles == 323
    engine.close()


def test_what_was_written_wrong_is_found_though_its_checksums_are_right(
    folder: Folder, everything: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(merging, "_spread", lambda starts, counts, targets: targets[:0])
        patch.setattr(merging.Plan, "fill", lambda self, draft: self._fill_terms(draft))
        engine = WhooshEngine(folder)
        engine.write(articles(4, 5))
    (damage,) = checked(folder).damages
    assert damage.what
    assert repaired(folder).lost == ()
    assert held(folder).keys() == everything.keys() | {f"5-{number}" for number in range(4)}


def test_a_check_looks_at_one_generation_while_others_are_written(folder: Folder) -> None:
    stop = threading.Event()

    def write() -> None:
        engine = WhooshEngine(folder)
        while not stop.is_set():
            engine.write([Article(id="di nuovo", text="neve")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            assert checked(folder).whole
    finally:
        stop.set()
        writer.join()


def test_an_index_of_another_version_is_not_called_damaged(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.whoosh.opening.CHAIN", 99)
    with pytest.raises(EngineError, match="rebuild"):
        checked(folder)


def test_damage_stops_writers_that_meet_it(folder: Folder) -> None:
    start, _ = within(folder, "ids")
    engine = WhooshEngine(folder)
    overwrite(largest(folder), start, b"???")
    with pytest.raises(EngineError, match="check --repair"):
        engine.write([Article(id="1-1", text="neve")])
    assert contents.latest_generation(folder) == engine.generation()
