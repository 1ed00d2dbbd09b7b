"""Measure how fast articles are written over HTTP, and whether each write counts at once.

python -m benchmarks.writing [--seconds 60] [--articles FILE.jsonl | --sync MILLISECONDS]

Starts a service with four workers on an index of its own. Each writing client puts new articles,
replaces and deletes its own, and reads every fifth at once through another connection: an answer
that does not show the write is a stale read. In the end every article that was answered for is
looked for, and every one that was deleted. Clients are one process that shares the machine with
the service, so the figures are of both. Readers ask without a pause: they take what processor
there is. With --sync the service is one whose disk takes so much longer for each sync: how much
is gained by committing together depends on what a commit waits for.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import given
from benchmarks.speed.environment import sync_time
from benchmarks.wire import serve
from benchmarks.writing.clients import Met, search, texts, waited, write
from benchmarks.writing.loading import load
from benchmarks.writing.service import Service, served

WRITERS, READERS, CROWD = 8, 8, 50


def main() -> None:
    """Measure, and print what was found; the exit status tells whether all writes counted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument(
        "--articles", type=given.file, help="a file of lines to load, by HTTP and not"
    )
    parser.add_argument(
        "--sync",
        type=float,
        default=0,
        metavar="MILLISECONDS",
        help="what each sync takes more than on this disk",
    )
    options = parser.parse_args()
    if options.articles and options.sync:
        parser.error("--articles is measured on the disk as it is, without --sync")
    given.linux()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}")
    short = options.seconds // 4
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "index", options.sync) as service,
    ):
        took = sync_time(Path(folder)) * 1000
        print(
            f"a sync of 4 KiB takes {took:.2f} ms here, and {options.sync:g} ms more in the service"
        )
        run(service, "warming up", 1, 1, 2)
        alone, faults = run(service, "one writing client", 1, 0, short)
        beside, more = run(service, "one writing client beside readers", 1, READERS, short)
        faults += more
        for name, writers, readers, seconds in (
            ("eight beside readers", WRITERS, READERS, options.seconds),
            ("eight alone", WRITERS, 0, short),
            ("fifty alone", CROWD, 0, short),
        ):
            rate, more = run(service, name, writers, readers, seconds)
            faults += more
            print(f"    {rate / alone:.1f} times one alone, {rate / beside:.1f} one beside readers")
    if options.articles:
        load(options.articles)
    print(f"load after: {os.getloadavg()}")
    sys.exit(bool(faults))


def run(service: Service, name: str, writers: int, readers: int, seconds: int) -> tuple[float, int]:
    """Let so many clients ask for *seconds*; print what they met, return writes/s and faults."""
    met, bodies, seed = Met(), texts(), random.randrange(10**6)
    orders, commits = service.commits()
    (workers, committer), own = service.processor(), time.process_time()
    started = time.monotonic()
    until = started + seconds
    writing = [write(f"{seed}-{n}", until, met, bodies) for n in range(writers)]
    serve(service.port, [*writing, *(search(n, until, met) for n in range(readers))])
    after = service.processor()
    more_orders, more_commits = service.commits()
    rate = met.writes["done"] / seconds
    print(f"{name} ({writers}+{readers}, {seconds} s): {rate:.0f} writes/s", end=" ")
    print(f"({waited(met.write_seconds)}), {len(met.search_seconds) / seconds:.0f}", end=" ")
    print(f"searches/s ({waited(met.search_seconds)})")
    group = (more_orders - orders) / max(1.0, more_commits - commits)
    print(f"    {group:.1f} orders a commit, {dict(met.writes)} {dict(met.searches)}")
    spent = time.monotonic() - started
    print(f"    cores used: {(after[0] - workers) / spent:.2f} by workers,", end=" ")
    print(f"{(after[1] - committer) / spent:.2f} by who commits,", end=" ")
    print(f"{(time.process_time() - own) / spent:.2f} by the clients")
    return rate, met.faults


if __name__ == "__main__":
    main()
