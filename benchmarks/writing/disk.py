"""A service on a disk that takes longer to keep what is written.

A commit waits for the disk twice at least; how long each time takes is what machines differ in
most. A virtual disk that only hands on to its host's memory answers in a fifth of a millisecond,
one that keeps what it is given in several.

python -m benchmarks.writing.disk MILLISECONDS   serves as `python -m service` does, each sync late
"""

from __future__ import annotations

import os
import sys
import time

from service.__main__ import main


def slow(seconds: float) -> None:
    """Let every sync of this process, and of those forked from it, take so many *seconds* more."""
    real = os.fsync

    def late(descriptor: int) -> None:
        real(descriptor)
        time.sleep(seconds)

    os.fsync = late  # type: ignore[assignment]


if __name__ == "__main__":
    slow(float(sys.argv[1]) / 1000)
    sys.exit(main([]))
