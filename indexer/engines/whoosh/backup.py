"""A generation of the index as one stream: a tar archive, compressed with zstd.

    backup.json      what it is, and its files with their sizes
    _MAIN_7.toc …    the files, as they stand in the index's folder
    SHA256SUMS       of all before; it comes last, so that what is cut off lacks it

Unpacked by any tar it is an index, and sha256sum checks it: a backup must not need us to be read.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, BinaryIO, cast

import zstandard

from indexer.engines.contract import Copy, Share
from indexer.engines.whoosh.generation import hold
from indexer.engines.whoosh.schema import Build
from indexer.engines.whoosh.sections import Sections
from indexer.engines.whoosh.storage import Folder

ABOUT, SUMS = "backup.json", "SHA256SUMS"
KIND = 1
_LEVEL = 3  # stored articles are compressed already: higher levels cost time and gain 2 %


def back_up(folder: Folder, target: BinaryIO, progress: Share) -> Copy:
    """Write the latest generation in *folder* to *target*, every block verified on the way.

    Writers may go on meanwhile.
    """
    held = hold(folder)
    sizes = {held.table_name: len(held.table)}
    sizes |= {name: file.sections.size for name, file in held.files.items()}
    build = cast(Build, held.contents.schema["build"])
    made = datetime.now(UTC).isoformat(timespec="seconds")
    about = {
        "ritaglio_backup": KIND,
        "made": made,
        "articles": held.articles,
        "generation": held.contents.generation,
        "format": build.index_format,
        "chain": build.chain,
        "files": sizes,
    }
    copied = Copy(held.articles, sum(sizes.values()), held.contents.generation, made)
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    with (
        compressor.stream_writer(target, closefd=False) as packed,
        tarfile.open(fileobj=cast(IO[bytes], packed), mode="w|") as archive,
    ):
        writer = _Writer(archive, copied, progress)
        writer.put(ABOUT, json.dumps(about, indent=1).encode())
        writer.put(held.table_name, held.table)
        for name, file in held.files.items():
            writer.put(name, file.sections)
        sums = (f"{digest}  {name}\n" for name, digest in writer.digests.items())
        writer.put(SUMS, "".join(sums).encode())
    return copied


class _Writer:
    def __init__(self, archive: tarfile.TarFile, copy: Copy, progress: Share) -> None:
        self._archive = archive
        self._time = datetime.fromisoformat(copy.made).timestamp()
        self._total = copy.bytes
        self._progress = progress
        self._done = 0
        self.digests: dict[str, str] = {}

    def put(self, name: str, content: bytes | Sections) -> None:
        member = tarfile.TarInfo(name)
        member.mtime, member.mode = self._time, 0o644
        if isinstance(content, bytes):
            reading, member.size = _Reading(lambda at, size: content[at : at + size]), len(content)
        else:
            reading, member.size = _Reading(content.read), content.size
        self._archive.addfile(member, cast(IO[bytes], reading))
        self.digests[name] = reading.digest.hexdigest()
        self._done += member.size
        self._progress(self._done, self._total)


class _Reading:
    """As much of a file as tarfile asks for: read in pieces, each reckoned into a digest."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._at = 0
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._read(self._at, size)
        self._at += len(piece)
        self.digest.update(piece)
        return piece
