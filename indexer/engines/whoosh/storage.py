"""The folder of an index: every byte that is written or read there goes through here.

A commit is durable by the order in which it takes these few steps. So that this can be proved,
tests put another folder in this one's place, which remembers each step, fails at one of them, or
forgets what was not synced.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.contract import EngineError, NoRoom

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the disk, a quota, a limit on files
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
# On macOS fsync stops at the disk's own memory; this does not.
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
_BLANK = bytes(1 << 16)


class NewFile:
    """A file that is being written; what the disk refuses is an EngineError at once."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self._descriptor = descriptor
        self._open = True

    def reserve(self, size: int) -> None:
        """Take room for *size* bytes: a write through a map to a full disk would kill us."""
        with refusals(self.path, size):
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(self._descriptor, 0, size)
                return
            for at in range(0, size, len(_BLANK)):
                os.pwrite(self._descriptor, _BLANK[: size - at], at)

    def map(self, size: int) -> mmap.mmap:
        """Return the first *size* bytes, to be written to."""
        with refusals(self.path):
            return mmap.mmap(self._descriptor, size)

    def write(self, content: bytes | memoryview, at: int) -> None:
        """Write all of *content* at the offset *at*."""
        rest = memoryview(content).cast("B")
        with refusals(self.path, len(rest)):
            while len(rest):
                written = self._write(rest, at)
                rest, at = rest[written:], at + written

    def _write(self, content: memoryview, at: int) -> int:
        return os.pwrite(self._descriptor, content, at)

    def read_into(self, target: npt.NDArray[Any]) -> None:
        """Fill *target*, an array of bytes, from the beginning."""
        rest, at = target.data, 0
        with refusals(self.path):
            while len(rest):
                if not (count := os.preadv(self._descriptor, [rest], at)):
                    raise OSError(errno.EIO, "the file is shorter than what was written")
                rest, at = rest[count:], at + count

    def array(self, kind: npt.DTypeLike, at: int, length: int) -> npt.NDArray[Any]:
        """Return *length* elements from the offset *at*, as a map of the file."""
        size = np.dtype(kind).itemsize * length
        start = at // mmap.ALLOCATIONGRANULARITY * mmap.ALLOCATIONGRANULARITY
        with refusals(self.path):
            mapped = mmap.mmap(
                self._descriptor, at - start + size, access=mmap.ACCESS_READ, offset=start
            )
        return np.frombuffer(mapped, kind, length, at - start)

    def sync(self, mapped: mmap.mmap | None = None) -> None:
        """Return when what was written is on the disk. A failure is final: throw the file away.

        After a failed sync the system may forget what it could not write, and call the next sync
        of the same file a success.
        """
        with refusals(self.path):
            if mapped is not None and sys.platform != "linux":
                mapped.flush()  # on Linux the sync of a file is one of its maps as well
            _sync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        if self._open:
            self._open = False
            os.close(self._descriptor)


class OpenFile:
    """A file that is there, for reading; closed when nobody holds it any longer."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes from *start* to *stop*, fewer where the file ends.

        A page that cannot be read is an error here; through a map it would kill the process.
        """
        with refusals(self.path):
            return os.pread(self._descriptor, stop - start, start)

    def map(self) -> mmap.mmap:
        """Return the whole of the file, which is not empty."""
        with refusals(self.path):
            return mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ)

    def __del__(self) -> None:
        os.close(self._descriptor)


class Folder:
    """The folder of an index, and the steps that may be taken in it."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def make(self) -> None:
        """Make the folder, and those above it, unless they are there."""
        missing = [each for each in (self.path, *self.path.parents) if not each.is_dir()]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            Folder(path.parent).sync()

    def names(self) -> list[str]:
        """Return the names of the files; none where there is no folder."""
        try:
            with refusals(self.path, looking=True), os.scandir(self.path) as entries:
                return [entry.name for entry in entries]
        except FileNotFoundError:
            return []

    def create(self, name: str) -> NewFile:
        """Begin a file, of a name that no other has."""
        return NewFile(self._created(name), self.path / name)

    def _created(self, name: str) -> int:
        with refusals(self.path):
            return os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)

    def temporary(self) -> NewFile:
        """Begin a file without a name: gone when closed, or when we die."""
        with refusals(self.path), tempfile.TemporaryFile(dir=self.path, prefix=SPILL) as file:
            return NewFile(os.dup(file.fileno()), self.path)

    def open(self, name: str) -> OpenFile:
        """Open a file for reading. Raises FileNotFoundError."""
        path = self.path / name
        with refusals(path, looking=True):
            return OpenFile(os.open(path, os.O_RDONLY), path)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name."""
        with refusals(self.path):
            (self.path / old).rename(self.path / new)

    def inside(self, name: str) -> Folder:
        """Return the folder of this name in this one, there or not."""
        return Folder(self.path / name)

    def link(self, name: str, folder: Folder, new: str) -> None:
        """Give a file another name in *folder* as well, or copy it where there are no links.

        Either file is one of its own afterwards. Raises FileNotFoundError.
        """
        source, target = self.path / name, folder.path / new
        with refusals(target, looking=True):
            try:
                os.link(source, target)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                shutil.copyfile(source, target)
                with target.open("rb") as copy:
                    _sync(copy.fileno())

    def remove_folder(self, name: str) -> None:
        """Remove a folder, and what is in it."""
        with refusals(self.path):
            shutil.rmtree(self.path / name)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with refusals(self.path):
            (self.path / name).unlink()

    def sync(self) -> None:
        """Return when the names of the files are on the disk."""
        with refusals(self.path):
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                _sync(descriptor)
            finally:
                os.close(descriptor)

    def stamp(self) -> int:
        """Return when a name last came or went, in nanoseconds; 0 where there is no folder."""
        try:
            with refusals(self.path, looking=True):
                return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def changed(self, name: str) -> float:
        """Return when a file was written, in seconds since 1970."""
        with refusals(self.path, looking=True):
            return (self.path / name).stat().st_mtime

    def size(self) -> int:
        """Return the bytes of all files; those that go meanwhile count or do not."""
        size = 0
        for name in self.names():
            with suppress(FileNotFoundError), refusals(self.path, looking=True):
                size += (self.path / name).stat().st_size
        return size


SPILL = ".spill-"
"""How names of temporary files begin, where the system cannot do without one."""


def _sync(descriptor: int) -> None:
    if _FULL_SYNC is not None:
        fcntl.fcntl(descriptor, _FULL_SYNC)
    else:
        os.fsync(descriptor)


@contextmanager
def refusals(path: Path, needed: int = 0, *, looking: bool = False) -> Iterator[None]:
    """Turn what the disk refuses into an EngineError that says what to do.

    Whoever is only *looking* for something learns that it is not there by FileNotFoundError.
    """
    try:
        yield
    except OSError as error:
        if looking and isinstance(error, FileNotFoundError | NotADirectoryError):
            raise FileNotFoundError(error.errno, error.strerror) from error
        if error.errno in _FULL:
            raise NoRoom(_no_room(path, needed)) from error
        raise EngineError(
            f"The disk refuses {path} ({error.strerror}): see that this user may read and write "
            "there, and that the disk is sound; nothing was changed."
        ) from error


def _no_room(path: Path, needed: int) -> str:
    free = shutil.disk_usage(path if path.is_dir() else path.parent).free
    more = f"{needed:,} bytes more" if needed else "more"
    return (
        f"No room for {more} at {path}, where {free:,} are free: free some, or raise the quota or "
        "the limit on file sizes, and try again; nothing was changed, the index answers as before."
    )
