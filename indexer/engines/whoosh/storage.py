"""A folder in which a commit, once it returns, survives a power cut.

Whoosh itself never syncs: a machine that loses power seconds after a commit can be left with an
empty table of contents, and the old one already deleted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileStorage

from indexer.engines.contract import EngineError


class DurableStorage(FileStorage):
    """Brings the table of contents to the disk before it gets its name.

    The files of segments were synced when they were sealed.
    """

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; Whoosh does so once in a commit, for the table of contents."""
        folder = Path(self.folder)
        _sync(folder / oldname)
        super().rename_file(oldname, newname, safe=safe)
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk(folder: Path | str) -> Iterator[None]:
    """Turn what the disk refuses into an EngineError that says what to do."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"Cannot write to {folder} ({error.strerror}): "
            "see that the disk has room, and that this user may write there."
        ) from error
