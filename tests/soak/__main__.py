"""Everything at once for as long as you like: python -m tests.soak --minutes 30

Four workers answer while others write single articles, load many over HTTP and by the command
line, delete, rebuild, back up and kill workers. Whatever is read is compared with a model; every
so often all writers pause, and everything is.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from indexer.engines import open_engine
from tests.soak.checks import check_all, check_backup, check_way_back
from tests.soak.model import Model
from tests.soak.processes import Service
from tests.soak.report import table
from tests.soak.roles import (
    Field,
    Indexer,
    Loader,
    Writer,
    read_article,
    rebuild,
    search_marker,
    search_words,
)
from tests.soak.watching import Watch

WORKERS = 4
_CHECKS = 20  # comparisons of everything in a run, at least one a minute


def main() -> int:
    """Run; return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ritaglio-soak-") as folder:
        return _soak(Path(folder), options.minutes * 60)


def _soak(folder: Path, seconds: float) -> int:
    url = f"whoosh:{folder}/index"
    open_engine(url, create=True).close()
    service = Service(url, WORKERS, folder / "service.log")
    field = Field(service, Model(), url, folder)
    begin = time.monotonic()
    threads = [
        *(field.repeat(Writer(field, f"s{n}", 100), 0.02) for n in range(4)),
        field.repeat(Loader(field, "lines", 400), 2),
        field.repeat(Indexer(field, "files", 600), 5),
        field.repeat(partial(rebuild, field), min(60, seconds / 4)),
        field.repeat(partial(check_backup, field), min(60, seconds / 4)),
        *(field.repeat(partial(read_article, field), 0.01) for _ in range(2)),
        field.repeat(partial(search_marker, field), 0.01),
        field.repeat(partial(search_words, field), 0.01),
    ]
    watch = Watch(service)
    try:
        _watch(field, watch, begin + seconds)
        check_way_back(field)
        field.ending.set()
        for thread in threads:
            thread.join()
        seen = check_all(field)
        figures = watch.verdict()
    except Exception as error:
        field.report(error)
        seen, figures = {}, []
    finally:
        field.ending.set()
        service.stop()
    more = [
        ("minutes", f"{(time.monotonic() - begin) / 60:.1f}"),
        ("articles at the end", f"{len(seen):,}"),
        ("workers killed", str(service.kills)),
        *figures,
    ]
    print(table("soak", field, more))
    faults = (folder / "service.log").read_text().count("Traceback")
    for wrong in (*field.wrong, *(["the service's log holds faults"] if faults else [])):
        print(f"WRONG: {wrong}")
    return 1 if field.wrong or faults else 0


def _watch(field: Field, watch: Watch, until: float) -> None:
    interval = min(60.0, (until - time.monotonic()) / 5)
    check = time.monotonic() + interval
    while time.monotonic() < until and not field.ending.wait(1):
        watch.look()
        if time.monotonic() > check:
            check = time.monotonic() + interval
            others = [each for each in field.service.workers if each != watch.spared]
            field.service.kill_worker(random.choice(others))
            check_all(field)


if __name__ == "__main__":
    sys.exit(main())
