"""A file of keys, followed while the service runs: a key taken out of it opens nothing any more.

Looked at once a second at most. A change that cannot be read leaves the keys as they were; a file
that cannot be read from the start lets nobody in.
"""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from service.access.keys import Keyring, KeysError, from_lines, joined, shut

EVERY = 1.0  # seconds
_LARGEST = 1_000_000  # bytes; ten thousand keys

_log = logging.getLogger(__name__)


class Keys:
    """The keys that count now: those that are *fixed*, and those in *file*."""

    def __init__(self, fixed: Keyring, file: str = "") -> None:
        self._fixed = fixed
        self._path = Path(file) if file else None
        self._ring = fixed
        self._seen: object = None
        self._next = 0.0
        self._lock = threading.Lock()
        if self._path:
            self._ring = Keyring((*fixed.keys, *shut().keys))
            self._look()

    def now(self) -> Keyring:
        """Return the keys; what changed in the file counts within a second."""
        if self._path and monotonic() >= self._next:
            with self._lock:  # whoever asks meanwhile waits: a key taken out opens nothing
                if monotonic() >= self._next:
                    self._look()
        return self._ring

    def _look(self) -> None:
        assert self._path
        seen = _stamp(self._path)
        if seen != self._seen:
            self._seen = seen
            try:
                self._ring = read(self._fixed, str(self._path))
            except KeysError as error:
                _log.error("%s Until then keys stay as they were.", error)
        self._next = monotonic() + EVERY


def read(fixed: Keyring, file: str) -> Keyring:
    """Return the keys that are *fixed* and those in *file*, if one is named. Raise KeysError."""
    if not file:
        return fixed
    try:
        with Path(file).open("rb") as opened:
            text = opened.read(_LARGEST).decode()
    except OSError as error:
        raise KeysError(f"RITAGLIO_KEYS_FILE cannot be read: {error.strerror}: {file}.") from None
    except UnicodeDecodeError:  # its text would show what stands there
        raise KeysError(f"RITAGLIO_KEYS_FILE is no text: {file}.") from None
    found = from_lines(text, file)
    if not found.keys:
        # Emptied by accident it would open writing to every program of this machine.
        raise KeysError(f"RITAGLIO_KEYS_FILE holds no key: {file}. Unset it, or write one there.")
    return joined((*fixed.keys, *found.keys))


def openness(file: str) -> Iterator[str]:
    """Yield a sentence if others than its owner and group can read *file*, or can change it."""
    if not file:
        return
    try:
        mode = stat.S_IMODE(Path(file).stat().st_mode)
    except OSError:
        return
    if mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        can = "read" if mode & stat.S_IROTH else "change"
        yield f"Others can {can} the keys in {file} (mode {mode:04o}): chmod 600 {file}."


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError as error:
        return error.errno
    return found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino
