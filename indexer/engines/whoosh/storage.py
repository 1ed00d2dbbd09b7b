"""The folder of an index: every byte that is written or read there goes through here.

A commit is durable by the order in which it takes these few steps. So that this can be proved,
tests put another folder in this one's place, which remembers each step, fails at one of them, or
forgets what was not synced.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic

from indexer.engines.contract import EngineError
from indexer.engines.whoosh.files import NewFile, OpenFile, sync
from indexer.engines.whoosh.refusals import refusals

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
SPILL = ".spill-"
"""How names of temporary files begin, where the system cannot do without one."""
_SLOW = 0.001  # seconds a sync takes, from which on threads cost less than waits one after another
_THREADS = 8


class Folder:
    """The folder of an index, and the steps that may be taken in it."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._slow = False  # whether the disk took its time when names were last synced

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

    def is_folder(self, name: str) -> bool:
        """Tell whether a name is a folder's, and not that of a link to one."""
        path = self.path / name
        with refusals(self.path):
            return path.is_dir() and not path.is_symlink()

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
                    sync(copy.fileno())

    def remove_folder(self, name: str) -> None:
        """Remove a folder, and what is in it."""
        with refusals(self.path):
            shutil.rmtree(self.path / name)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with refusals(self.path):
            (self.path / name).unlink()

    def sync(self, files: Sequence[NewFile | OpenFile] = ()) -> None:
        """Return when the names of the files are on the disk, and what is in *files*.

        They get there in any order, and on a slow disk at the same time.
        """
        steps = [*(file.sync for file in files), self._sync_names]
        if self._slow:
            _take_together(steps)
        else:
            for step in steps:
                step()

    def _sync_names(self) -> None:
        with refusals(self.path):
            descriptor = os.open(self.path, os.O_RDONLY)
            begun = monotonic()
            try:
                sync(descriptor)
            finally:
                os.close(descriptor)
            self._slow = monotonic() - begun > _SLOW

    def stamp(self) -> int:
        """Return when a name last came or went, in nanoseconds; 0 where there is no folder."""
        try:  # every search asks: the manager of refusals would cost more than the look
            return self.path.stat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError:
            with refusals(self.path):
                raise

    def has_room(self, size: int) -> bool:
        """Tell whether *size* bytes more would find room: on the disk, and in a quota."""
        try:
            file = self.temporary()
            try:
                file.reserve(size)
            finally:
                file.close()
        except EngineError:
            return False
        return True

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


def _take_together(steps: Sequence[Callable[[], None]]) -> None:
    """Take *steps* at the same time, the last one here; raise what the first that failed raised.

    Steps for which there is no thread are taken here, too: a system that allows no more of them
    does not keep anybody from writing.
    """
    errors: list[BaseException] = []

    def take(step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException as error:
            errors.append(error)

    *others, last = steps
    here, threads = [*others[_THREADS:], last], []
    for step in others[:_THREADS]:
        thread = Thread(target=take, args=(step,), name="sync")
        try:
            thread.start()
            threads.append(thread)
        except RuntimeError:
            here.append(step)
    for step in here:
        take(step)
    for thread in threads:
        thread.join()
    try:
        if errors:
            raise errors[0]
    finally:
        errors.clear()  # an error knows this call: where it knew the error, files stayed open
