"""How full each client's bucket is, in memory that all workers share.

A bucket is one number, the moment at which it will be empty again (GCRA): a request moves it on,
and is refused where it would come to lie too far ahead. So nothing has to tick, and an old number
is as good as none.

The table has a fixed size. A client's number stands in one of the eight places that the hash of
the client names; where all are taken, the one that would be empty first goes. A lock on a file
guards it: whoever dies holding it lets go of it by dying.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import sys
import tempfile
import threading
import weakref
from hashlib import blake2b
from time import monotonic

WAYS = 8
SETS = 8_192  # 65,536 clients at once, in a megabyte


class Buckets:
    """Made before the workers are forked, used by all of them."""

    def __init__(self) -> None:
        memory = memoryview(mmap.mmap(-1, SETS * WAYS * 16))
        self._names = memory[: SETS * WAYS * 8].cast("Q")
        self._until = memory[SETS * WAYS * 8 :].cast("d")
        self._secret = secrets.token_bytes(16)  # nobody chooses whose place to take
        self._file = _nameless_file()
        weakref.finalize(self, os.close, self._file)
        # One thread of a process at a time asks for the file: the kernel sees one owner in all of
        # them, and would take two that wait for each other's process for a deadlock.
        self._lock = threading.Lock()

    def add(self, client: bytes, step: float, room: float) -> float:
        """Fill the bucket of *client* by *step* seconds, unless it would hold more than *room*.

        Return how many seconds it holds, or would hold: more than *room* is refused.
        """
        digest = blake2b(client, digest_size=8, key=self._secret).digest()
        name = int.from_bytes(digest, "little") or 1
        first = name % SETS * WAYS
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                now = monotonic()  # of the machine, not of the process
                place = self._place(name, first)
                known = self._names[place] == name
                until = max(now, self._until[place] if known else 0.0) + step
                if until - now <= room:
                    self._names[place] = 0  # whoever dies between the lines leaves an empty place
                    self._until[place] = until
                    self._names[place] = name
                return until - now
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _place(self, name: int, first: int) -> int:
        names = self._names[first : first + WAYS].tolist()
        if name in names:
            return first + names.index(name)
        until = self._until[first : first + WAYS].tolist()
        return first + min(range(WAYS), key=lambda way: until[way] if names[way] else 0.0)


def _nameless_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("ritaglio-quotas")  # there may be no folder that can be written
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
