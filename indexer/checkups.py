"""The command that looks for damage: check, and check --repair."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from indexer import engines
from indexer.engines.integrity import Checkup, Damage, Repair
from indexer.screen import say
from indexer.terminal import Bar

WHOLE, DAMAGED = 0, 1
_SHOWN = 20  # ids

Command = Callable[..., argparse.ArgumentParser]


def add_commands(command: Command, jobs: dict[str, Any]) -> None:
    """Add the command by *command*, which makes a parser of name, function, …"""
    checking = command(
        "check",
        _check,
        "look through all of the index for damage, while it is in use; exit status 0 when it is "
        "whole (or nothing was lost in its repair), 1 when it is not, 2 when nobody can tell",
        "check --repair",
    )
    checking.add_argument(
        "--repair", action="store_true", help="index anew what can be read of damaged files"
    )
    checking.add_argument("--json", action="store_true", help="print JSON, for programs")
    checking.add_argument("--jobs", **jobs)


def _check(options: argparse.Namespace) -> int:
    with Bar(None) as bar:
        if options.repair:
            repair = engines.repair(options.index, bar.began, bar.read, jobs=options.jobs)
            lines, status = _repaired(repair, options.index), DAMAGED if repair.lossy else WHOLE
            found: Checkup | Repair = repair
        else:
            checkup = engines.check(options.index, bar.began, bar.read)
            lines, status = _checked(checkup, options.index), WHOLE if checkup.whole else DAMAGED
            found = checkup
    if options.json:
        lines = iter([json.dumps({"index": options.index, **asdict(found)})])
    say(*lines)
    return status


def _checked(checkup: Checkup, url: str) -> Iterator[str]:
    yield (
        f"{url}: {'whole' if checkup.whole else 'DAMAGED'}; {checkup.files:,} files, "
        f"{checkup.bytes / 1e6:,.1f} MB, {_articles(checkup.articles)} looked at"
    )
    yield from _damages(checkup.damages)
    if not checkup.whole:
        yield "Restore a copy; without one, check --repair keeps all that can be read."


def _repaired(repair: Repair, url: str) -> Iterator[str]:
    if not repair.damages:
        yield f"{url}: whole; nothing to repair"
        return
    yield f"{url}: repaired; {_articles(repair.articles)} kept, {_lost(repair)}"
    yield from _damages(repair.damages)
    if repair.lost:
        yield f"lost: {_names(repair.lost)}"
    if repair.without_raw:
        yield f"kept without the text before cleaning: {_names(repair.without_raw)}"
    if repair.deletions_forgotten:
        yield "Which articles had been deleted was lost: delete again what must not be found."
    yield "The damaged files are kept in the index's folder, named *.damaged: remove them yourself."


def _damages(damages: Sequence[Damage]) -> Iterator[str]:
    for damage in damages:
        held = "" if damage.articles is None else f", which holds {_articles(damage.articles)}"
        yield f"damaged: {damage.file}{held}"
        yield from (f"  {what}" for what in damage.what)
        if damage.unreadable:
            yield f"  cannot be read: {_names(damage.unreadable)}"


def _lost(repair: Repair) -> str:
    lost = len(repair.lost) + repair.unknown_lost
    unknown = f" ({repair.unknown_lost:,} of them without a known id)"
    return f"{lost:,} lost{unknown if repair.unknown_lost else ''}"


def _names(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:_SHOWN])
    return f"{shown} and {len(ids) - _SHOWN:,} more (--json names all)" if ids[_SHOWN:] else shown


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{number:,} articles"
