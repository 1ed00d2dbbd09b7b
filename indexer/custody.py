"""The commands that copy whole indexes: backup, export, restore, rollback."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from indexer import engines
from indexer.arguments import file_name
from indexer.articles.jsonlines import MAX_LINE, line_of
from indexer.engines.contract import Copy, EngineError
from indexer.output import PACKINGS, output, packed
from indexer.screen import OutputError, say
from indexer.terminal import Bar

DONE, PARTLY = 0, 1

Command = Callable[..., argparse.ArgumentParser]


def add_commands(command: Command, jobs: dict[str, Any]) -> None:
    """Add the commands of this module by *command*, which makes a parser of name, function, …"""
    backing_up = command(
        "backup",
        _backup,
        "write the index, as it is at this moment, to one file; searching and writing go on",
        "backup ritaglio.tar.zst",
    )
    backing_up.add_argument(
        "file", type=file_name, metavar="FILE", help="a file, or - for standard output"
    )
    backing_up.add_argument("--force", action="store_true", help="overwrite FILE")
    exporting = command(
        "export",
        _export,
        "write every article as a line of JSON, in the order of ids; `add` reads them back",
        "export articles.jsonl.gz",
    )
    exporting.add_argument(
        "file", type=file_name, metavar="FILE", help="a file, or - for standard output"
    )
    exporting.add_argument("--force", action="store_true", help="overwrite FILE")
    exporting.add_argument(
        "--compress",
        choices=list(PACKINGS),
        help="pack the lines (gz or zst where FILE ends so, else none)",
    )
    restoring = command(
        "restore",
        _restore,
        "make a backup the index, at once; only a backup of your own, for it can run code",
        "restore ritaglio.tar.zst --replace",
    )
    restoring.add_argument(
        "file", type=file_name, metavar="FILE", help="a backup, or - for standard input"
    )
    restoring.add_argument(
        "--replace",
        action="store_true",
        help="replace the index there is, and keep it for a rollback",
    )
    restoring.add_argument("--jobs", **jobs)
    rolling_back = command(
        "rollback",
        _rollback,
        "put back the index that was there before the last rebuild or restore; done twice, "
        "nothing has changed",
        "rollback",
    )
    rolling_back.add_argument(
        "--forget",
        action="store_true",
        help="remove what is kept for a rollback instead, and free its room",
    )


def kept_line(url: str) -> str:
    """Return one line of what is kept beside the index at *url*, empty where nothing is."""
    kept = engines.kept(url)
    if not kept:
        return ""
    return f"{_articles(kept)} until {kept.made}, {_megabytes(kept.bytes)} of their own"


def _backup(options: argparse.Namespace) -> int:
    start = time.monotonic()
    with Bar(None) as bar, output(options.file, force=options.force) as target:
        copy = engines.back_up(options.index, target, bar.copied)
    packed = "" if options.file == "-" else f"{_megabytes(Path(options.file).stat().st_size)}, "
    _say_beside(
        options.file,
        f"{_articles(copy)} of generation {copy.generation}, {packed}"
        f"{_megabytes(copy.bytes)} unpacked, {time.monotonic() - start:.1f} s",
    )
    return DONE


def _export(options: argparse.Namespace) -> int:
    start, number, long = time.monotonic(), 0, 0
    packing = _packing(options.file, options.compress)
    with (
        Bar(None) as bar,
        output(options.file, force=options.force) as target,
        packed(target, packing) as lines,
    ):
        for number, stored in enumerate(engines.stored(options.index), 1):
            line = line_of(stored.article, stored.indexed_at) + b"\n"
            if len(line) > MAX_LINE:
                long += 1
                print(f"{stored.article.id!r} is too long to be read back", file=sys.stderr)
            lines.write(line)
            bar.took(number)
    articles = "1 article" if number == 1 else f"{number:,} articles"
    _say_beside(options.file, f"{articles}, {time.monotonic() - start:.1f} s")
    return PARTLY if long else DONE


def _restore(options: argparse.Namespace) -> int:
    start = time.monotonic()
    with Bar(None) as bar, ExitStack() as stack:
        source = _input(options.file, stack)
        copy = engines.restore(
            options.index, source, bar.copied, replace=options.replace, jobs=options.jobs
        )
    say(
        f"{options.index}: {_articles(copy)} restored, as backed up {copy.made}, "
        f"{time.monotonic() - start:.1f} s"
    )
    if line := kept_line(options.index):
        say(f"kept for a rollback: {line}")
    return DONE


def _rollback(options: argparse.Namespace) -> int:
    if options.forget:
        gone = engines.forget(options.index)
        say(f"{options.index}: forgot {_articles(gone)}, {_megabytes(gone.bytes)} freed")
    else:
        back = engines.roll_back(options.index)
        say(f"{options.index}: back to {_articles(back)}, as of {back.made}")
        say(f"kept for a rollback: {kept_line(options.index)}")
    return DONE


def _input(name: str, stack: ExitStack) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise EngineError(f"Cannot read {name} ({error.strerror}): name a backup.") from error


def _packing(file: str, told: str | None) -> str:
    """Return what to pack *file* by: as *told*, else as its name ends.

    Raises OutputError where the two differ: `add` goes by the name, and could not read it.
    """
    ending = Path(file).suffix.lower()
    named = "none" if ending in (".jsonl", ".ndjson") else ending.removeprefix(".")
    if named not in PACKINGS:
        return told or "none"
    if told and told != named:
        raise OutputError(
            f"{file} ends in {ending} and would be read as that: leave --compress {told} out, or "
            "name another file."
        )
    return named


def _say_beside(file: str, told: str) -> None:
    """Say of *file* what was written to it, beside what went to standard output."""
    if file == "-":
        print(f"{file}: {told}", file=sys.stderr)
    else:
        say(f"{file}: {told}")


def _articles(copy: Copy) -> str:
    if copy.articles is None:
        return "an index that this version cannot put back (another version's, or damaged)"
    return "1 article" if copy.articles == 1 else f"{copy.articles:,} articles"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
