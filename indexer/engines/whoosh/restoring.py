"""From a backup to the index it was made of, put in the place of the one that serves, if any.

    unpack beside, only what a backup holds → compare SHA-256 → verify every block
        → only now the pickles → built anew, if by another version → switch (switching.py)

The checksums tell damage, not forgery: whoever can write a backup can run code here, as with an
index. So a backup is trusted as an index is.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

import zstandard

from indexer.engines.contract import Copy, EngineError, IndexOutdated, NoRoom, Share
from indexer.engines.whoosh.backup import ABOUT, KIND, SUMS
from indexer.engines.whoosh.contents import latest_generation
from indexer.engines.whoosh.files import NewFile
from indexer.engines.whoosh.generation import Held, hold
from indexer.engines.whoosh.lock import locked
from indexer.engines.whoosh.opening import check_build, check_not_lost, is_unfilled
from indexer.engines.whoosh.ours import check_vacant
from indexer.engines.whoosh.previous import check_room
from indexer.engines.whoosh.rebuilding import rebuild
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.schema import READABLE
from indexer.engines.whoosh.sections import Sections
from indexer.engines.whoosh.segment import is_segment
from indexer.engines.whoosh.staging import staging
from indexer.engines.whoosh.storage import Folder
from indexer.engines.whoosh.switching import switch
from indexer.engines.whoosh.writing import LOCK_SECONDS

_NAMES = re.compile(r"_MAIN_[0-9]{1,18}\.toc|MAIN_[0-9a-z]{1,32}\.seg")
_ABOUT_BYTES = 4 << 20  # of a backup.json or SHA256SUMS: some 40,000 files
_STEP = 1 << 20


class BackupDamaged(EngineError):
    """A backup is not what was written, or none of ours."""


@dataclass(frozen=True, slots=True)
class _About:
    """What a backup says of itself; only lengths and names are used before they are checked."""

    copy: Copy
    files: dict[str, int]


def restore(folder: Folder, source: BinaryIO, progress: Share, *, replace: bool, jobs: int) -> Copy:
    """Make the backup that *source* yields the index in *folder*; return what it says of itself.

    Where there is an index, it is replaced only with *replace*, at once, and kept for a way back.
    """
    if latest_generation(folder) < 0:
        check_vacant(folder)
    _refuse_to_replace(folder, replace)
    check_room(folder)  # before the work, too
    made = not folder.path.exists()
    with refusals(folder.path):
        folder.make()
    try:
        with staging(folder) as unpacked:
            about = _unpack(source, unpacked, progress)
            held = _open(unpacked, jobs)
            with locked(folder, LOCK_SECONDS):
                _refuse_to_replace(folder, replace)  # somebody may have made one meanwhile
                switch(folder, unpacked, held, keep=not is_unfilled(folder))
    except BaseException:
        if made:
            with suppress(OSError):  # something was put into it
                folder.path.rmdir()
        raise
    return about.copy


def _refuse_to_replace(folder: Folder, replace: bool) -> None:
    if replace or is_unfilled(folder):
        return
    check_not_lost(folder)
    if latest_generation(folder) >= 0:
        raise EngineError(
            f"There is an index in {folder.path}: name another place, or restore with --replace, "
            "which keeps what is there for a rollback."
        )


def _unpack(source: BinaryIO, folder: Folder, progress: Share) -> _About:
    with _told_as_damage():
        packed = zstandard.ZstdDecompressor().stream_reader(source, closefd=False)
        with packed, tarfile.open(fileobj=cast(IO[bytes], packed), mode="r|") as archive:
            digests, about, sums = _unpack_members(archive, folder, progress)
            while packed.read(_STEP):  # to the end, where zstd compares its own checksum
                pass
        if sums != "".join(f"{digest}  {name}\n" for name, digest in digests.items()):
            raise ValueError("its files do not match their checksums")
    folder.sync()
    return about


def _unpack_members(
    archive: tarfile.TarFile, folder: Folder, progress: Share
) -> tuple[dict[str, str], _About, str]:
    members = iter(archive)
    whole = _content(archive, next(members, None), ABOUT)
    about = _read_about(whole)
    needed, free = sum(about.files.values()), shutil.disk_usage(folder.path).free
    if needed > free:
        raise NoRoom(
            f"The backup needs {needed / 1e6:,.1f} MB, and {free / 1e6:,.1f} MB are free in "
            f"{folder.path.parent}: make room, and try again."
        )
    digests, done = {ABOUT: hashlib.sha256(whole).hexdigest()}, 0
    # No name of the archive's is used but those that backup.json may list, each once, in order.
    for name, size in about.files.items():
        member = next(members, None)
        if member is None or not member.isreg() or (member.name, member.size) != (name, size):
            raise ValueError(f"where {name} should stand is {member.name if member else 'nothing'}")
        digests[name] = _write(_stream(archive, member), folder.create(name))
        done += size
        progress(done, needed)
    return digests, about, _content(archive, next(members, None), SUMS).decode("ascii")


def _read_about(content: bytes) -> _About:
    given: dict[str, Any] = json.loads(content)
    if given["ritaglio_backup"] != KIND:
        raise ValueError(f"it is of kind {given['ritaglio_backup']}, this Ritaglio reads {KIND}")
    if given["format"] not in READABLE:
        raise EngineError(
            f"The backup was made by another version of Ritaglio (format {given['format']}, this "
            f"one reads {' and '.join(map(str, READABLE))}): restore it with that version, export "
            "the articles, and add them."
        )
    files = {str(name): int(size) for name, size in given["files"].items()}
    tables = [name for name in files if name.endswith(".toc")]
    if len(tables) != 1 or not all(_NAMES.fullmatch(name) for name in files):
        raise ValueError("it lists files that no index has")
    copy = Copy(given["articles"], sum(files.values()), given["generation"], given["made"])
    return _About(copy, files)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo | None, name: str) -> bytes:
    if member is None or not member.isreg() or member.name != name:
        raise ValueError(f"where {name} should stand is {member.name if member else 'nothing'}")
    if member.size > _ABOUT_BYTES:
        raise ValueError(f"{name} has {member.size} bytes")
    return _stream(archive, member).read()


def _stream(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    assert stream is not None
    return stream


def _write(stream: IO[bytes], file: NewFile) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        while piece := stream.read(_STEP):
            file.write(piece, size)
            digest.update(piece)
            size += len(piece)
        file.sync()
    finally:
        file.close()
    return digest.hexdigest()


def _open(folder: Folder, jobs: int) -> Held:
    """Verify every block in *folder*, then open the index; build it anew if need be."""
    for name in folder.names():
        if is_segment(name):
            Sections(folder.open(name)).verify_all()
    held = hold(folder)
    try:
        check_build(held.contents.schema, folder.path)
    except IndexOutdated:
        rebuild(folder, None, None, jobs=jobs, keep=False)
        held = hold(folder)
    return held


@contextmanager
def _told_as_damage() -> Iterator[None]:
    try:
        yield
    except (zstandard.ZstdError, tarfile.TarError, EOFError, ValueError, LookupError, TypeError,
            AttributeError) as error:  # fmt: skip
        raise BackupDamaged(
            f"The backup is damaged, or is none ({error}): nothing was changed. Try another one."
        ) from error
