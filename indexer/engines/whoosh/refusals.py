"""What the disk refuses, told as an EngineError that says what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.engines.contract import EngineError, NoRoom

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the disk, a quota, a limit on files

REMEDY = (
    "restore a copy; without one, python -m indexer check tells which articles are touched, and "
    "check --repair keeps all that can be read."
)
"""What to do about a file that is not what was written."""


@contextmanager
def refusals(path: Path, needed: int = 0, *, looking: bool = False) -> Iterator[None]:
    """Turn what the disk refuses into an EngineError that says what to do.

    Whoever is only *looking* for something learns that it is not there by FileNotFoundError.
    """
    try:
        yield
    except OSError as error:
        if looking and isinstance(error, FileNotFoundError | NotADirectoryError):
            raise FileNotFoundError(error.errno, error.strerror) from error
        if error.errno in _FULL:
            raise NoRoom(_no_room(path, needed)) from error
        raise EngineError(
            f"The disk refuses {path} ({error.strerror}): see that this user may read and write "
            "there, and that the disk is sound; nothing was changed."
        ) from error


def _no_room(path: Path, needed: int) -> str:
    free = shutil.disk_usage(path if path.is_dir() else path.parent).free
    more = f"{needed:,} bytes more" if needed else "more"
    return (
        f"No room for {more} at {path}, where {free:,} are free: free some, or raise the quota or "
        "the limit on file sizes, and try again; nothing was changed, the index answers as before."
    )
