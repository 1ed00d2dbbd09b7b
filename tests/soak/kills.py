"""kill -9, again and again, under writing clients: python -m tests.soak.kills --kills 500

A worker, the whole service or an indexing process dies at a moment of chance. Each time the index
must open, hold every acknowledged write and no half of any, and take the next write.
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
from tests.soak.checks import check_all, check_index
from tests.soak.model import Model, Wrong
from tests.soak.processes import LostError, Service, indexer
from tests.soak.report import table
from tests.soak.roles import KILLED, Field, Indexer, Loader, Writer, read_article
from tests.soak.texts import article, article_id

WORKERS = 2
_FREE = 60  # seconds in which a lock must be had


def main() -> int:
    """Run; return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="ritaglio-kills-") as folder:
        return _run(Path(folder), options.kills)


def _run(folder: Path, kills: int) -> int:
    url = f"whoosh:{folder}/index"
    open_engine(url, create=True).close()
    service = Service(url, WORKERS, folder / "service.log")
    field = Field(service, Model(), url, folder)
    begin = time.monotonic()
    threads = [
        *(field.repeat(Writer(field, f"s{n}", 50), 0.01) for n in range(3)),
        field.repeat(Loader(field, "lines", 200), 0.5),
        field.repeat(partial(read_article, field), 0.02),
    ]
    loading, number = Indexer(field, "files", 200), 0
    try:
        for number in range(1, kills + 1):
            if field.ending.wait(random.uniform(0.05, 0.8)):
                break
            _kill(field, loading)
            check_index(field, "files")
            _write(field, number)
            if number % 50 == 0:
                check_all(field)
                print(f"{number} kills, {time.monotonic() - begin:.0f} s", file=sys.stderr)
        field.ending.set()
        for thread in threads:
            thread.join()
        check_all(field)
    except Exception as error:
        field.report(error)
    finally:
        field.ending.set()
        service.stop()
    more = [("minutes", f"{(time.monotonic() - begin) / 60:.1f}"), ("kills", str(number))]
    print(table("kills", field, more))
    for wrong in field.wrong:
        print(f"WRONG: {wrong}")
    return 1 if field.wrong else 0


def _kill(field: Field, loading: Indexer) -> None:
    chance = random.random()
    if chance < 0.5:
        while not (workers := field.service.workers):
            time.sleep(0.05)
        field.service.kill_worker(random.choice(workers))
        field.counts["kills of a worker"] += 1
    elif chance < 0.75:
        field.service.kill_all()
        field.service.start()
        field.counts["kills of master and workers"] += 1
    elif chance < 0.9:
        while not loading(kill_after=_moment()):
            pass
        field.counts["kills of a load or a deletion"] += 1
    elif chance < 0.95:
        while not _killed("rebuild", "--jobs", "1", "--index", field.url):
            pass
        field.counts["kills of a rebuild"] += 1
    else:
        _kill_restore(field)
        field.counts["kills of a restore"] += 1


def _kill_restore(field: Field) -> None:
    """Restore what there is: whether or not the kill comes before the switch, it stays so."""
    backup = field.folder / "backup"
    with field.model.quiet():
        indexer("backup", str(backup), "--force", "--index", field.url).communicate()
        while not _killed("restore", str(backup), "--replace", "--index", field.url):
            pass


def _killed(*arguments: str) -> bool:
    process = indexer(*arguments)
    time.sleep(_moment())
    process.kill()
    process.communicate()
    return process.returncode == KILLED


def _moment() -> float:
    """Return when to kill a command, in seconds: Python's start is most of its time."""
    return random.uniform(0.2, 1.5)


def _write(field: Field, number: int) -> None:
    """Write an article: the lock must be free, or become so."""
    identifier = article_id("after", 0)
    until = time.monotonic() + _FREE
    with field.model.writing():
        while time.monotonic() < until:
            write = field.model.begin(identifier, number)
            try:
                answer = field.service.ask(
                    "PUT", f"/articles/{identifier}", article(identifier, number)
                )
            except LostError:  # the dead worker's connection
                continue
            if answer.status in (200, 201):
                field.model.acknowledged(identifier, write)
                return
            field.model.refused(identifier, write)
    raise Wrong(f"no write was taken for {_FREE} seconds after kill {number}")


if __name__ == "__main__":
    sys.exit(main())
