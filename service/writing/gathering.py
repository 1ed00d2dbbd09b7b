"""When a commit begins: at once, or a little later for those who are about to come as well.

Clients write again soon after they have been answered. Those that were answered by the last commit
and those that waited meanwhile are expected; where they share a commit each waits for one, where
they take turns for two. So one waits for them as long as a commit takes, and no longer.
"""

from __future__ import annotations

import threading
from time import monotonic

from service.writing.batch import Queue

_LONGEST = 0.05  # seconds


class Gathering:
    """What waits in *queue*, and who is expected there."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._news = threading.Event()
        self._expected = 0
        self._until = 0.0

    def wake(self) -> None:
        """Look at the queue again."""
        self._news.set()

    def wait(self, seconds: float) -> bool:
        """Wait for something to commit, *seconds* at most; tell whether there is."""
        if not len(self._queue):
            self._news.wait(seconds)
        while 0 < len(self._queue) < self._expected and (left := self._until - monotonic()) > 0:
            self._news.clear()
            if len(self._queue) < self._expected:
                self._news.wait(left)
        self._news.clear()
        return len(self._queue) > 0

    def committed(self, batches: int, seconds: float) -> None:
        """Take down that so many *batches* were answered, in a commit of so many *seconds*."""
        self._expected = batches + len(self._queue)
        self._until = monotonic() + min(seconds, _LONGEST)
