"""Are files that are no index's left alone, wherever they lie in the folder of one?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import back_up, forget, kept, open_engine, rebuild, restore, roll_back
from indexer.engines.contract import EngineError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "arch"


@pytest.fixture
def url(folder: Path) -> str:
    return f"whoosh:{folder}"


def silent(done: int, total: int) -> None: ...


@pytest.fixture
def backup(tmp_path: Path) -> bytes:
    url = f"whoosh:{tmp_path}/other"
    open_engine(url, create=True).write([Article(id="b", text="sole")])
    target = io.BytesIO()
    back_up(url, target, silent)
    return target.getvalue()


def add(url: str) -> int:
    engine = open_engine(url, create=True)
    engine.write([Article(id="a", text="neve")])
    articles = engine.stats().articles
    engine.close()
    return articles


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("prezioso")
    return path


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "2024/b.txt", "previous/p.txt", "previous.new/p.txt", "unpacking-x/p.txt",
     "previous", "MAIN street.seg", "MAIN_x.seg/p.txt"],
)  # fmt: skip
def test_no_index_is_made_or_restored_beside_files_of_others(
    folder: Path, url: str, backup: bytes, name: str
) -> None:
    kept_file = put(folder / name)
    found = name if "unpacking" in name or "previous" in name else name.split("/")[0]
    message = rf"no index in {folder}, but other files are \({found}.* new or empty folder"
    with pytest.raises(EngineError, match=message):
        open_engine(url, create=True)
    for replace in (False, True):
        with pytest.raises(EngineError, match=message):
            restore(url, io.BytesIO(backup), silent, replace=replace)
    assert [path for path in folder.rglob("*") if path.is_file()] == [kept_file]


def test_what_a_volume_brings_and_what_an_index_leaves_are_no_strangers(
    folder: Path, url: str, backup: bytes
) -> None:
    (folder / "lost+found").mkdir(parents=True)
    for name in (
        *(".DS_Store", ".snapshot/daily", "MAIN_WRITELOCK", "MAIN_0b.seg.damaged"),
        *("_MAIN_1.toc.damaged", "_MAIN_2.toc.new", ".spill-x", "unpacking-1/_MAIN_0.toc"),
        *("unpacking-1/unpacking-2/MAIN_0a.seg", "previous.new/MAIN_0a.seg"),
    ):
        put(folder / name)
    assert add(url) == 1
    assert (folder / ".snapshot" / "daily").exists()
    for path in (*folder.glob("*.toc"), *folder.glob("*.seg")):
        path.unlink()
    restore(url, io.BytesIO(backup), silent)
    assert (folder / "lost+found").exists()


@pytest.mark.parametrize("name", ["previous/p.txt", "previous.new/p.txt", "previous/a/p.txt"])
def test_what_lies_where_an_index_is_kept_is_in_the_way_of_keeping_one_alone(
    folder: Path, url: str, backup: bytes, name: str
) -> None:
    add(url)
    theirs = put(folder / name)
    assert add(url) == 1
    with pytest.raises(EngineError, match=rf"{folder}/previous\S* is no file of an index"):
        rebuild(url)
    with pytest.raises(EngineError, match="move it elsewhere"):
        restore(url, io.BytesIO(backup), silent, replace=True)
    rebuild(url, keep=False)
    assert theirs.read_text() == "prezioso"
    assert add(url) == 1
    theirs.rename(folder / "p.txt")
    if name == "previous/a/p.txt":
        theirs.parent.rmdir()
    rebuild(url)
    assert kept(url) is not None
    assert (folder / "p.txt").exists()


def test_files_of_others_among_those_of_a_kept_index_stay(folder: Path, url: str) -> None:
    add(url)
    rebuild(url)
    theirs = put(folder / "previous" / "p.txt")
    for use in (roll_back, forget, rebuild):
        with pytest.raises(EngineError, match=r"previous/p\.txt is no file of an index"):
            use(url)
    assert add(url) == 1
    assert theirs.exists()
    assert kept(url) is not None


def test_a_kept_index_that_waits_to_be_settled_waits_for_files_of_others(
    folder: Path, url: str
) -> None:
    add(url)
    rebuild(url)
    (folder / "previous").rename(folder / "previous.new")
    theirs = put(folder / "previous" / "p.txt")
    add(url)
    assert theirs.exists()
    assert list((folder / "previous.new").glob("*.toc"))


def test_folders_that_are_called_as_ours_and_links_stay(folder: Path, url: str) -> None:
    add(url)
    elsewhere = put(folder.parent / "elsewhere" / "p.txt")
    (folder / "previous.new").symlink_to(elsewhere.parent)
    theirs = [put(folder / name) for name in ("unpacking-2024/p.txt", "MAINtenance.seg", "q.txt")]
    add(url)
    rebuild(url, keep=False)
    assert all(path.exists() for path in (*theirs, elsewhere, folder / "previous.new"))
