"""One writer at a time: a lock that the system frees when its holder dies."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from indexer.engines.contract import IndexBusy
from indexer.engines.whoosh.ours import LOCK
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.storage import Folder

_DELAY = 0.02  # seconds between tries
_LONGEST = 200


@contextmanager
def locked(folder: Folder, patience: float) -> Iterator[None]:
    """Hold the lock of *folder*; raise IndexBusy where another does for *patience* seconds."""
    path = folder.path / LOCK
    with refusals(path):
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        until = time.monotonic() + patience
        while not _taken(descriptor):
            if time.monotonic() >= until:
                raise IndexBusy(
                    f"{_holder(descriptor)} has been writing to {folder.path} for {patience:g} "
                    "seconds: let it end, or stop it, and try again."
                )
            time.sleep(_DELAY)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    # Whoever waits is told; that there is no room for a name stops nobody from working.
    with suppress(OSError):
        name = f"{os.getpid()} {socket.gethostname()}".encode()
        if os.pread(descriptor, len(name) + 1, 0) == name:
            return  # it was us before, too; what is not written costs the disk nothing
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, name, 0)


def _holder(descriptor: int) -> str:
    process, _, host = os.pread(descriptor, _LONGEST, 0).decode(errors="replace").partition(" ")
    return f"Process {process} on {host}" if process.isdigit() else "Another program"
