"""A file of an index, while it is written and once it is there."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.refusals import refusals

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

    def write(self, content: bytes | bytearray | memoryview, at: int) -> None:
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

    def flush(self, mapped: mmap.mmap) -> None:
        """Make what was written to *mapped* a part of what the next sync puts on the disk."""
        with refusals(self.path):
            if sys.platform != "linux":  # where the sync of a file is one of its maps as well
                mapped.flush()

    def sync(self) -> None:
        """Return when what was written is on the disk. A failure is final: throw the file away.

        After a failed sync the system may forget what it could not write, and call the next sync
        of the same file a success.
        """
        with refusals(self.path):
            sync(self._descriptor)

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
        found = os.fstat(descriptor)
        self.size = found.st_size
        self._written = found.st_mtime_ns

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes from *start* to *stop*, fewer where the file ends.

        A page that cannot be read is an error here; through a map it would kill the process.
        """
        with refusals(self.path):
            return os.pread(self._descriptor, stop - start, start)

    def was_written(self) -> bool:
        """Tell whether somebody has written to the file since it was opened."""
        return os.fstat(self._descriptor).st_mtime_ns != self._written

    def map(self) -> mmap.mmap:
        """Return the whole of the file, which is not empty."""
        with refusals(self.path):
            return mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ)

    def sync(self) -> None:
        """Return when what was written to the file, by whomever, is on the disk, as NewFile does.

        Of a failure that nobody has heard of, Linux tells who opened the file after it, too.
        """
        with refusals(self.path):
            sync(self._descriptor)

    def __del__(self) -> None:
        os.close(self._descriptor)


def sync(descriptor: int) -> None:
    """Return when what the open file, or folder, holds is on the disk."""
    if _FULL_SYNC is not None:
        fcntl.fcntl(descriptor, _FULL_SYNC)
    else:
        os.fsync(descriptor)
