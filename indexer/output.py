"""Where a backup or an export goes: a file that is there whole or not at all, or standard output.

.NAME.part, locked  →  written  →  synced  →  renamed to NAME, its folder synced
"""

from __future__ import annotations

import fcntl
import gzip
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, BinaryIO

from zstandard import ZstdCompressor

from indexer.screen import OutputError, printing


@contextmanager
def output(target: str, *, force: bool) -> Iterator[BinaryIO]:
    """Yield what to write to, standard output for «-».

    A file gets its name at the end, and takes the place of another only with *force*.
    Raise OutputError.
    """
    if target == "-":
        with _to_reader():
            yield sys.stdout.buffer
        return
    path = Path(target)
    with _told(path):
        if path.is_dir():
            raise OutputError(f"{path} exists, and is a folder: name a file in it.")
        _refuse_to_overwrite(path, force)
        part = path.with_name(f".{path.name}.part")
        # The name is always the same, so that what a killed program left is written over.
        file = part.open("ab")
    try:
        with _told(path):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)
        try:
            with _told(path):
                yield file
                file.flush()
                os.fsync(file.fileno())
                _refuse_to_overwrite(path, force)
                part.replace(path)
                _sync_folder(path.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    finally:
        with suppress(OSError):  # it would write once more what has found no room
            file.close()


@contextmanager
def packed(target: BinaryIO, packing: str) -> Iterator[BinaryIO]:
    """Yield what to write to so that *target* gets it packed by one of PACKINGS."""
    with PACKINGS[packing](target) as stream:
        yield stream


PACKINGS: dict[str, Callable[[BinaryIO], AbstractContextManager[Any]]] = {
    "none": nullcontext,
    # Without a time in it: the same articles are the same bytes.
    "gz": lambda target: gzip.GzipFile(fileobj=target, mode="wb", filename="", mtime=0),
    "zst": lambda target: ZstdCompressor(write_checksum=True).stream_writer(target, closefd=False),
}


@contextmanager
def _to_reader() -> Iterator[None]:
    if sys.stdout.isatty():
        raise OutputError("This is nothing for a terminal: name a file, or lead it to a program.")
    try:
        with printing():
            yield
    except BrokenPipeError as error:  # a part of a copy is no success
        raise OutputError("The program that was to take the copy went away.") from error


def _refuse_to_overwrite(path: Path, force: bool) -> None:
    if not force and path.exists():
        raise OutputError(f"{path} exists: name another file, or overwrite it with --force.")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as error:
        raise OutputError(f"Another program is writing {path}: let it end.") from error
    except OSError as error:
        raise OutputError(
            f"Cannot write {path} ({error.strerror}): see that its folder is there, has room, and "
            "may be written to."
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
