"""The command line of the indexer.

python -m indexer add seeds/       add or replace the articles in files and folders
python -m indexer delete ID        remove articles
python -m indexer rebuild          build the index anew, by this version's rules
python -m indexer stats            say what the index holds
python -m indexer backup FILE      write the index to one file
python -m indexer export FILE      write its articles as lines of JSON
python -m indexer restore FILE     make that file the index
python -m indexer rollback         go back to before a rebuild or a restore
python -m indexer check            look through all of it for damage, and repair
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from indexer import checkups, custody, pipeline
from indexer.arguments import path
from indexer.engines import DEFAULT_INDEX, absolute, open_engine
from indexer.engines.contract import EngineError, Stats
from indexer.pipeline import Summary
from indexer.screen import OutputError, say, take_any_letter
from indexer.settings import INDEX, SettingsError, check_names
from indexer.terminal import Bar, summary_line

DONE, PARTLY, NOTHING, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 done in part, 2 nothing done."""
    take_any_letter()
    options = _parser().parse_args(arguments)
    named = vars(options).get("index") or os.environ.get(INDEX) or DEFAULT_INDEX
    options.index = absolute(named)  # what is printed holds from every folder
    try:
        check_names(name for name, value in os.environ.items() if value.strip())
        status: int = options.run(options)
    except (EngineError, OutputError, SettingsError) as error:
        print(error, file=sys.stderr)
        return NOTHING
    except KeyboardInterrupt:
        print(
            "Interrupted: the index is as it was, or else all was done already: "
            f"python -m indexer stats --index {options.index} tells which.",
            file=sys.stderr,
        )
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads us («| head») has seen enough
        return DONE
    return status


def _add(options: argparse.Namespace) -> int:
    with _bar_over(options.paths) as bar:
        summary = pipeline.add(options.index, options.paths, bar, options.jobs)
    return _told(summary, options)


def _rebuild(options: argparse.Namespace) -> int:
    if options.paths:
        with _bar_over(options.paths) as bar:
            summary = pipeline.replace_all(
                options.index, options.paths, bar, options.jobs, keep=options.keep
            )
    else:
        with Bar(None) as bar:
            summary = pipeline.rebuild_stored(
                options.index, bar.stored, options.jobs, keep=options.keep
            )
    status = _told(summary, options)
    if options.keep and status != NOTHING:
        say(f"kept for a rollback: {custody.kept_line(options.index)}")
    return status


def _delete(options: argparse.Namespace) -> int:
    with closing(open_engine(options.index)) as engine:
        unknown = [name for name in dict.fromkeys(options.ids) if engine.get(name) is None]
        deleted = engine.delete(options.ids)
    for name in unknown:
        print(f"no article has the id {name!r}", file=sys.stderr)
    say(f"{options.index}: {deleted:,} deleted, {len(unknown):,} unknown")
    return _status(deleted, len(unknown))


def _stats(options: argparse.Namespace) -> int:
    with closing(open_engine(options.index)) as engine:
        stats = engine.stats()
    if options.json:
        say(json.dumps({"index": options.index, **asdict(stats)}))
    else:
        say(*_lines(stats, options.index))
        if kept := custody.kept_line(options.index):
            say(f"kept         {kept}")
    if stats.articles:
        return DONE
    if stats.generation:
        return PARTLY
    # Whoever empties an index commits that; a first load that was killed has committed nothing.
    print(
        f"Nothing ever was in it: python -m indexer add PATH --index {options.index} fills it.",
        file=sys.stderr,
    )
    return NOTHING


def _lines(stats: Stats, url: str) -> list[str]:
    return [
        f"index        {url}",
        f"articles     {stats.articles:,}",
        f"size         {stats.bytes / 1e6:,.1f} MB",
        f"last commit  {stats.last_commit or 'none'}",
        f"generation   {stats.generation}",
        f"built by     format {stats.format}, Italian chain {stats.chain}",
    ]


def _bar_over(paths: list[Path]) -> Bar:
    # The sizes are only asked for where somebody watches.
    return Bar(pipeline.total_size(paths) if sys.stderr.isatty() else None)


def _told(summary: Summary, options: argparse.Namespace) -> int:
    if options.paths and not (summary.added or summary.replaced or summary.skipped):
        named = ("standard input" if str(each) == "-" else str(each) for each in options.paths)
        print(f"there is no article in {', '.join(named)}", file=sys.stderr)
    say(summary_line(summary, options.index))
    if summary.made:
        say(f"a new index at {options.index}")
    return _status(summary.added + summary.replaced, summary.skipped)


def _status(done: int, left_out: int) -> int:
    if not done:
        return NOTHING
    return PARTLY if left_out else DONE


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--index",
        metavar="URL",
        help=f"where the index lives; else what RITAGLIO_INDEX names, else {DEFAULT_INDEX}",
    )
    parser = argparse.ArgumentParser(
        prog="python -m indexer",
        description="Decide what the index holds.",
        epilog="Exit status: 0 all done, 1 done in part, 2 nothing done, 130 interrupted.",
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"Ritaglio {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: object, help: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
            epilog=f"Example: python -m indexer {example}",
            parents=[shared],
        )
        made.set_defaults(run=run)
        return made

    adding = command(
        "add",
        _add,
        "add the articles in files and folders, replacing those with the same id",
        "add seeds/ --index whoosh:///var/lib/ritaglio",
    )
    adding.add_argument("paths", nargs="+", type=path, metavar="PATH", help=_PATHS)
    adding.add_argument("--jobs", **_JOBS)
    deleting = command("delete", _delete, "remove articles", "delete 001_893e1bd431c83a89")
    deleting.add_argument("ids", nargs="+", metavar="ID", help="id of an article")
    rebuilding = command(
        "rebuild",
        _rebuild,
        "build the index anew from the articles it holds or, when paths are given, from those "
        "alone; searches go on meanwhile, in the old one",
        "rebuild",
    )
    rebuilding.add_argument("paths", nargs="*", type=path, metavar="PATH", help=_PATHS)
    rebuilding.add_argument("--jobs", **_JOBS)
    rebuilding.add_argument(
        "--no-keep",
        dest="keep",
        action="store_false",
        help="do not keep the old index for a rollback",
    )
    counting = command(
        "stats",
        _stats,
        "say what the index holds; exit status 1 when it is empty, 2 when nothing ever was in it",
        "stats --json",
    )
    counting.add_argument("--json", action="store_true", help="print JSON, for programs")
    checkups.add_commands(command, _JOBS)
    custody.add_commands(command, _JOBS)
    return parser


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number_of_jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: write 1 or more")
    return int(text)


_JOBS: dict[str, Any] = {
    "type": _number_of_jobs,
    "default": _cores(),
    "metavar": "N",
    "help": "processes that index when there are many articles, some 350 MB each (all cores)",
}
_PATHS = (
    "file or folder: .txt .md .html .jsonl .ndjson, each also .gz or .zst; - reads JSON Lines from "
    "standard input. The id of a text or page is its file's name without folders: files of one "
    "name replace each other, so bring those as JSON Lines with ids of your own"
)


def _version() -> str:
    try:
        return version("ritaglio")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
