"""A folder in which a commit, once it returns, survives a power cut.

Whoosh itself never syncs: a machine that loses power seconds after a commit can be left with an
empty table of contents, and the old one already deleted.
"""

from __future__ import annotations

import os
from pathlib import Path

from whoosh.filedb.filestore import FileStorage


class DurableStorage(FileStorage):
    """Brings segments and table of contents to the disk before the latter gets its name."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; Whoosh does so once in a commit, for the table of contents."""
        folder = Path(self.folder)
        for path in folder.glob("*.seg"):
            _sync(path)
        _sync(folder / oldname)
        super().rename_file(oldname, newname, safe=safe)
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
