"""Is a backup the index as it was at one moment, and is anything else refused before it harms?"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import random
import shutil
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from indexer.articles import Article
from indexer.engines import back_up, kept, open_engine, restore, roll_back
from indexer.engines import stored as stored_in
from indexer.engines.contract import EVERYTHING, Engine, EngineError, StoredArticle
from tests.engines.asking import found, word

_TRAILER = struct.Struct("<QI8s")  # of a table of contents
ARTICLES = [
    Article(id="a", title="La neve", text="neve", raw="<b>neve</b>", date="2025", tags=("x",)),
    Article(id="b", text="sole", extra={"voto": 3}),
    Article(id="c", text="neve e sole"),
]


def silent(_done: int, _total: int) -> None: ...


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path}/index"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, create=True)
    engine.write(ARTICLES)
    engine.delete(["c"])
    yield engine
    engine.close()


@pytest.fixture
def backup(engine: Engine, url: str) -> bytes:
    return backed_up(url)


def backed_up(url: str) -> bytes:
    target = io.BytesIO()
    back_up(url, target, silent)
    return target.getvalue()


def all_of(engine: Engine) -> dict[str, StoredArticle | None]:
    return {name: engine.get(name) for name in found(engine, EVERYTHING)}


def repacked(backup: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """*backup* with other members, and checksums that are right: a forgery."""
    packed = zstandard.ZstdDecompressor().stream_reader(backup)
    with tarfile.open(fileobj=packed, mode="r|") as archive:
        files = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    del files["SHA256SUMS"]
    change(files)
    return packed_as(files)


def packed_sums(files: dict[str, bytes]) -> bytes:
    lines = (f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in files.items())
    return "".join(lines).encode()


def packed_as(
    files: dict[str, bytes],
    members: dict[str, tarfile.TarInfo] | None = None,
    sums: bytes | None = None,
) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in {**files, "SHA256SUMS": sums or packed_sums(files)}.items():
            member = (members or {}).get(name, tarfile.TarInfo(name))
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return zstandard.compress(target.getvalue())


def test_a_restored_backup_holds_every_article_as_it_was(
    engine: Engine, backup: bytes, tmp_path: Path
) -> None:
    url = f"whoosh:{tmp_path}/another"
    copy = restore(url, io.BytesIO(backup), silent)
    assert copy.articles == 2
    again = open_engine(url)
    assert all_of(again) == all_of(engine)
    assert found(again, word("neve")) == {"a"}
    again.write([Article(id="d", text="neve")])
    assert found(again, word("neve")) == {"a", "d"}
    again.close()


def test_a_backup_unpacked_by_any_tar_is_an_index(backup: bytes, tmp_path: Path) -> None:
    packed = zstandard.ZstdDecompressor().stream_reader(backup)
    with tarfile.open(fileobj=packed, mode="r|") as archive:
        archive.extractall(tmp_path / "index2", filter="data")
    engine = open_engine(f"whoosh:{tmp_path / 'index2'}")
    assert found(engine, word("neve")) == {"a"}
    engine.close()
    for line in (tmp_path / "index2" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "index2" / name).read_bytes()).hexdigest() == digest


def test_what_is_written_merged_and_rebuilt_during_a_backup_is_not_in_it(
    engine: Engine, url: str, tmp_path: Path
) -> None:
    class Busy(io.BytesIO):
        """Each time a piece of the backup arrives, the index changes under it."""

        writes = 0

        def write(self, content: bytes) -> int:  # type: ignore[override]
            if Busy.writes < 30:
                Busy.writes += 1
                engine.write([Article(id=f"n{Busy.writes}", text=os.urandom(2_000).hex())])
                engine.delete(["a"])
            return super().write(content)

    before = all_of(engine)
    target = Busy()
    back_up(url, target, silent)
    assert Busy.writes
    restore(f"whoosh:{tmp_path}/then", io.BytesIO(target.getvalue()), silent)
    then = open_engine(f"whoosh:{tmp_path}/then")
    assert all_of(then) == before
    then.close()


def test_a_backup_tells_how_far_it_is(engine: Engine, url: str) -> None:
    told: list[tuple[int, int]] = []
    back_up(url, io.BytesIO(), lambda done, total: told.append((done, total)))
    assert told[-1][0] >= told[-1][1] > 0
    assert told == sorted(told)


def test_an_index_in_place_is_not_replaced_unless_told(
    engine: Engine, url: str, backup: bytes
) -> None:
    engine.write([Article(id="d", text="neve")])
    with pytest.raises(EngineError, match="--replace"):
        restore(url, io.BytesIO(backup), silent)
    assert found(engine, EVERYTHING) == {"a", "b", "d"}
    restore(url, io.BytesIO(backup), silent, replace=True)
    assert found(engine, EVERYTHING) == {"a", "b"}
    roll_back(url)
    assert found(engine, EVERYTHING) == {"a", "b", "d"}


def test_readers_go_on_through_restores_and_rollbacks(
    engine: Engine, url: str, backup: bytes
) -> None:
    for _ in range(5):
        engine.write([Article(id="d", text="neve")])
        assert found(engine, word("neve")) == {"a", "d"}
        restore(url, io.BytesIO(backup), silent, replace=True)
        assert found(engine, word("neve")) == {"a"}
        roll_back(url)
        assert found(engine, word("neve")) == {"a", "d"}


def test_a_damaged_index_gives_way_to_its_backup(engine: Engine, url: str, backup: bytes) -> None:
    folder = Path(url.removeprefix("whoosh:"))
    for path in folder.glob("*.*"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(EngineError):
        open_engine(url)
    restore(url, io.BytesIO(backup), silent, replace=True)
    again = open_engine(url)
    assert found(again, EVERYTHING) == {"a", "b"}
    again.close()


def test_a_damaged_index_is_not_backed_up(engine: Engine, url: str) -> None:
    (segment,) = Path(url.removeprefix("whoosh:")).glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    with pytest.raises(EngineError, match="damaged"):
        backed_up(url)


def test_one_flipped_bit_anywhere_in_a_backup_is_refused(
    engine: Engine, backup: bytes, tmp_path: Path
) -> None:
    before = all_of(engine)
    for number, place in enumerate(random.Random(1).sample(range(len(backup) * 8), 300)):
        content = bytearray(backup)
        content[place // 8] ^= 1 << place % 8
        folder = tmp_path / str(number)
        try:
            restore(f"whoosh:{folder}", io.BytesIO(bytes(content)), silent)
        except EngineError:
            assert not folder.exists()
            continue
        # Some bits of zstd's frame header mean nothing to who reads: then all must be as it was.
        same = open_engine(f"whoosh:{folder}")
        assert all_of(same) == before
        same.close()


def test_a_backup_that_was_cut_off_is_refused(backup: bytes, tmp_path: Path) -> None:
    for size in random.Random(2).sample(range(len(backup)), 100):
        with pytest.raises(EngineError, match="damaged, or is none"):
            restore(f"whoosh:{tmp_path}/cut", io.BytesIO(backup[:size]), silent)
        assert not (tmp_path / "cut").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", zstandard.compress(b""), zstandard.compress(b"nonsense" * 1_000)],
    ids=["nothing", "nonsense", "empty frame", "packed nonsense"],
)
def test_what_is_no_backup_is_refused_and_changes_nothing(
    engine: Engine, url: str, content: bytes
) -> None:
    before = sorted(os.listdir(url.removeprefix("whoosh:")))  # noqa: PTH208
    with pytest.raises(EngineError, match="damaged, or is none"):
        restore(url, io.BytesIO(content), silent, replace=True)
    assert sorted(os.listdir(url.removeprefix("whoosh:"))) == before  # noqa: PTH208


@pytest.mark.parametrize("name", ["../evil.seg", "/tmp/evil", "MAIN_x/../../evil.seg", "evil.sh"])
def test_a_name_that_no_index_has_is_refused_before_it_is_used(
    backup: bytes, tmp_path: Path, name: str
) -> None:
    def add(files: dict[str, bytes]) -> None:
        about = json.loads(files["backup.json"])
        about["files"][name] = 4
        files["backup.json"] = json.dumps(about).encode()
        files[name] = b"evil"

    with pytest.raises(EngineError, match="lists files that no index has"):
        restore(f"whoosh:{tmp_path}/index3", io.BytesIO(repacked(backup, add)), silent)
    assert not list(tmp_path.rglob("*evil*"))


def test_a_member_that_is_not_listed_is_refused(backup: bytes, tmp_path: Path) -> None:
    evil = repacked(backup, lambda files: files.update({"../evil": b"evil"}))
    with pytest.raises(EngineError, match=r"where SHA256SUMS should stand is \.\./evil"):
        restore(f"whoosh:{tmp_path}/index3", io.BytesIO(evil), silent)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_or_a_device_is_no_file_of_a_backup(
    backup: bytes, tmp_path: Path, kind: bytes
) -> None:
    files: dict[str, bytes] = {}
    repacked(backup, files.update)
    table = next(name for name in files if name.endswith(".toc"))
    link = tarfile.TarInfo(table)
    link.type, link.linkname = kind, "/etc/passwd"
    with pytest.raises(EngineError, match="damaged, or is none"):
        restore(f"whoosh:{tmp_path}/i", io.BytesIO(packed_as(files, {table: link})), silent)


def test_no_pickle_is_read_before_the_checksums_are_right(backup: bytes, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> object:
            return (Path.touch, (tmp_path / "exploded",))

    def plant(files: dict[str, bytes]) -> None:
        table = next(name for name in files if name.endswith(".toc"))
        schema, bomb = files[table].index(b"\x80\x02"), pickle.dumps(Bomb(), 2)
        content = files[table][:schema] + bomb + files[table][schema + len(bomb) : -_TRAILER.size]
        _, _, magic = _TRAILER.unpack(files[table][-_TRAILER.size :])
        trailer = _TRAILER.pack(len(content), zlib.crc32(content), magic)
        files[table] = content + trailer

    files: dict[str, bytes] = {}
    repacked(backup, files.update)
    sums = packed_sums(files)
    plant(files)
    with pytest.raises(EngineError, match="do not match their checksums"):
        restore(f"whoosh:{tmp_path}/i", io.BytesIO(packed_as(files, sums=sums)), silent)
    assert not (tmp_path / "exploded").exists()
    # Checksums tell damage, not forgery, as the pages say: right ones let a forger's code run.
    with pytest.raises(EngineError):
        restore(f"whoosh:{tmp_path}/i", io.BytesIO(repacked(backup, plant)), silent)
    assert (tmp_path / "exploded").exists()


def test_a_backup_of_another_version_is_built_anew(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        for module in ("schema", "opening"):
            patch.setattr(f"indexer.engines.whoosh.{module}.CHAIN", 99)
        older = open_engine(f"whoosh:{tmp_path}/older", create=True)
        older.write(ARTICLES)
        older.close()
        backup = backed_up(f"whoosh:{tmp_path}/older")
    restore(url, io.BytesIO(backup), silent, replace=True)
    assert found(engine, EVERYTHING) == {"a", "b", "c"}
    before = kept(url)
    assert before is not None
    assert before.articles == 2


def test_a_backup_of_format_2_is_built_anew(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).with_name("format2"), tmp_path / "old")
    backup = backed_up(f"whoosh:{tmp_path}/old")
    url = f"whoosh:{tmp_path}/new"
    restore(url, io.BytesIO(backup), silent)
    engine = open_engine(url)
    assert found(engine, word("città")) == {"a"}
    engine.close()
    assert list(stored_in(url)) == list(stored_in(f"whoosh:{tmp_path}/old"))
    assert sorted(path.suffix for path in (tmp_path / "new").iterdir()) == ["", ".seg", ".toc"]


def test_an_index_to_which_nothing_was_ever_committed_is_not_in_the_way(
    backup: bytes, tmp_path: Path
) -> None:
    url = f"whoosh:{tmp_path}/begun"
    open_engine(url, create=True).close()
    restore(url, io.BytesIO(backup), silent)
    assert kept(url) is None
    with pytest.raises(EngineError, match="--replace"):
        restore(url, io.BytesIO(backup), silent)
    engine = open_engine(url)
    engine.delete(["a", "b"])
    engine.close()
    with pytest.raises(EngineError, match="--replace"):
        restore(url, io.BytesIO(backup), silent)


def test_a_backup_of_another_format_is_told_from_a_damaged_one(
    backup: bytes, tmp_path: Path
) -> None:
    def age(files: dict[str, bytes]) -> None:
        files["backup.json"] = files["backup.json"].replace(b'"format": ', b'"format": 99')

    with pytest.raises(EngineError, match="export the articles"):
        restore(f"whoosh:{tmp_path}/i", io.BytesIO(repacked(backup, age)), silent)


def test_a_backup_without_room_for_it_is_refused_at_once(
    backup: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=9)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: full)
    with pytest.raises(EngineError, match="make room"):
        restore(f"whoosh:{tmp_path}/full", io.BytesIO(backup), silent)
    assert not (tmp_path / "full").exists()


def test_what_a_dead_restore_left_goes_with_the_next_write(engine: Engine, url: str) -> None:
    left = Path(url.removeprefix("whoosh:")) / "unpacking-abc"
    left.mkdir()
    (left / "MAIN_x.seg").write_bytes(b"half")
    engine.write([Article(id="d")])
    assert not left.exists()
