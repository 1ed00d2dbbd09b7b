"""The command line of the service.

python -m service                          serve the index over HTTP
python -m service search piano di pace     search it from the terminal
python -m service key --name redazione     make a key, to write or to read with
"""

from __future__ import annotations

import argparse
import gc
import logging
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec

from indexer.engines import open_engine
from indexer.engines.contract import EngineError
from indexer.screen import OutputError, printing, take_any_letter
from service.access.keyfile import openness
from service.access.keys import OF_KEYS, KeysError, make, weaknesses
from service.access.quotas import Quotas
from service.access.standing import who_may
from service.app import ROUTES, SEARCHES, App, create_app, local_writes, read_keys
from service.cores import cores
from service.front.bounds import Task
from service.front.precedence import Precedence
from service.lasthour import LastHour
from service.logs import configure
from service.metrics import Metrics
from service.query import QueryError
from service.release import release
from service.search import SearchRequest, prepare, search
from service.server import ListenError, listen, seats, serve, url
from service.settings import Settings, SettingsError, explained, read_settings
from service.terminal import lines
from service.writing.committer import Committer
from service.writing.shelf import shared_folder
from service.writing.writer import Writer

_BUILDERS = 3  # processes that index what loads bring: more would wait for who reads it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 cannot be done, 2 wrongly asked.

    2 as well where what it prints cannot be written.
    """
    take_any_letter()
    options = _parser().parse_args(
        _with_exclusions(sys.argv[1:] if arguments is None else arguments)
    )
    try:
        if options.command == "key":  # whatever the settings are: they may lack just this
            with _printing():
                print(make(options.scope, options.name))
            return 0
        settings = read_settings()
        settings = replace(settings, index=vars(options).get("index", settings.index))
        configure(settings.log_format)
        if options.show_config:
            with _printing():
                print(*explained(settings), sep="\n")
        elif options.command == "search":
            _search(settings, options)
        else:
            _serve(settings)
    except (SettingsError, KeysError, QueryError, OutputError) as error:
        print(error, file=sys.stderr)
        return 2
    except (EngineError, ListenError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve(settings: Settings) -> None:
    # Opened and let go of: what is wrong with the index is said here, once and not by each worker.
    engine = open_engine(settings.index)
    articles = engine.stats().articles
    engine.close()
    keyring = read_keys(settings)
    for concern in (*weaknesses(keyring), *openness(settings.keys_file)):
        logging.getLogger(__name__).warning(concern)
    metrics = Metrics(ROUTES, seats(settings))
    quotas = Quotas(settings.read_rate, settings.write_rate)
    hour = LastHour(seats(settings))
    prepare()  # before the fork, so that the workers share the memory
    gc.collect()
    gc.freeze()  # what is there now stays: a worker's collector need not walk over it
    listener = listen(settings.host, settings.port)

    with shared_folder() as shared:
        precedence = (
            Precedence(SEARCHES, shared, rows=seats(settings), processors=cores())
            if shared
            else None
        )

        def load(seat: int) -> App:
            metrics.take(seat)
            hour.take(seat)
            if precedence:
                precedence.take(seat)
            return create_app(open_engine(settings.index), settings, metrics, quotas, hour, shared)

        def commit(seat: int) -> Task:
            assert shared is not None
            metrics.take(seat)
            # Before this process has threads: helpers are copies of it.
            engine = open_engine(settings.index, helpers=min(cores(), _BUILDERS) - 1)
            return Committer(Writer(engine, metrics), shared).run

        serve(
            load,
            listener,
            settings,
            f"Ritaglio serves the {articles} articles of {settings.index} at {url(listener)}. "
            f"Open it in a browser, or try:\n  curl -s '{url(listener)}/search?q=piano+di+pace'\n"
            f"{who_may(keyring, local=local_writes(settings))}",
            metrics,
            commit if shared else None,
            precedence,
        )


def _search(settings: Settings, options: argparse.Namespace) -> None:
    # An argument that is not UTF-8 arrives with half surrogate pairs in it.
    words = (
        " ".join(map(str.strip, options.words))
        .encode(errors="surrogateescape")
        .decode(errors="replace")
    )
    engine = open_engine(settings.index)
    try:
        results = search(
            engine,
            SearchRequest(
                q=words,
                limit=vars(options).get("limit", settings.page_size),
                limits=settings.limits,
            ),
        )
    finally:
        engine.close()
    with _printing():
        if options.json:
            # Programs read JSON as UTF-8, whatever the terminal's encoding is.
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
        else:
            for line in lines(results, colour=settings.colour and sys.stdout.isatty()):
                print(line)


@contextmanager
def _printing() -> Iterator[None]:
    """Let the block print; end quietly where who reads it has seen enough, as «| head» has."""
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        with printing():
            yield
    finally:
        signal.signal(signal.SIGPIPE, before)


def _with_exclusions(arguments: Sequence[str]) -> list[str]:
    """Return *arguments* so that «-Istanbul» behind «search» is a word, as on the web.

    A blank before it keeps it from being read as an option; ours are -h and those with two hyphens.
    """
    begin = arguments.index("search") + 1 if "search" in arguments else len(arguments)
    return [
        f" {each}" if at >= begin and re.match(r"-(?!h?$|-)", each) else each
        for at, each in enumerate(arguments)
    ]


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--index", metavar="URL", help="instead of the one RITAGLIO_INDEX names")
    parser = argparse.ArgumentParser(
        prog="python -m service",
        description="Serve an index over HTTP, or search it from the terminal.",
        epilog="RITAGLIO_HOST, RITAGLIO_PORT and others say how to serve: docs/operations.md.",
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"Ritaglio {release()}")
    parser.add_argument(
        "--show-config", action="store_true", help="print the settings, and where each came from"
    )
    commands = parser.add_subparsers(dest="command", title="commands")
    asking = commands.add_parser("search", help="print ranked results", parents=[shared])
    asking.add_argument(
        "words",
        nargs="+",
        help='what to search for, as on the web: words, "a phrase", -excluded',
    )
    asking.add_argument(
        "--limit", type=_limit, default=argparse.SUPPRESS, metavar="N", help="results, 1 to 100"
    )
    asking.add_argument("--json", action="store_true", help="print what GET /search answers")
    making = commands.add_parser("key", help="print a new key, for a line of RITAGLIO_KEYS_FILE")
    making.add_argument(
        "--scope",
        choices=OF_KEYS,
        default="write",
        help="what it opens; each scope holds those before it (default: write)",
    )
    making.add_argument("--name", default="", help="what logs call it")
    return parser


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 100):
        raise argparse.ArgumentTypeError(f"a number from 1 to 100, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
