"""Folders beside the index's files, in which an index is made before it is put in place.

Whoever works in one holds a lock on it, so that any writer can tell, and remove, what was left
by one that died.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from indexer.engines.contract import EngineError
from indexer.engines.whoosh.ours import STAGING, check_ours, remove_folder
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.storage import Folder


@contextmanager
def staging(folder: Folder) -> Iterator[Folder]:
    """Make a folder in *folder* that is gone afterwards."""
    while True:
        name = STAGING + secrets.token_hex(8)
        made = folder.inside(name)
        with refusals(folder.path):
            made.make()
        with suppress(FileNotFoundError):  # a sweep was quicker
            descriptor = os.open(made.path, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if made.path.exists():
                break
            os.close(descriptor)
    try:
        yield made
    finally:
        with suppress(EngineError):  # what cannot be removed is a leftover for the next writer
            remove_folder(folder, name)
        os.close(descriptor)


def discard(folder: Folder, name: str) -> None:
    """Remove a folder in *folder*, for good; what a crash leaves of it goes with the next sweep.

    Raises EngineError, and changes nothing, unless all in it is an index's.
    """
    check_ours(folder, name)
    gone = STAGING + secrets.token_hex(8)
    folder.rename(name, gone)
    folder.sync()
    folder.remove_folder(gone)


def sweep_stagings(folder: Folder, names: Iterable[str]) -> None:
    """Remove what dead processes left in *folder*, of which these are the *names*."""
    for name in names:
        if not name.startswith(STAGING):
            continue
        # Its owner was quicker, or writes to it for a last moment: then the next writer removes it.
        # Or it is no index's at all, and stays.
        with suppress(FileNotFoundError, EngineError):
            descriptor = os.open(folder.path / name, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_folder(folder, name)
            except BlockingIOError:
                pass  # it lives
            finally:
                os.close(descriptor)
