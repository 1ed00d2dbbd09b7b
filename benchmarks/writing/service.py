"""A service of four workers over a new index, and what it used of memory and processor."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wire import ask

WORKERS = 4


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs."""

    port: int
    process: int

    def commits(self) -> tuple[float, float]:
        """Return how many orders were carried out since it began, in how many commits."""
        told = ask(self.port, "/metrics").body.decode()
        values = dict(re.findall(r"^ritaglio_(commit_articles_\w+) (\S+)$", told, re.M))
        return float(values["commit_articles_sum"]), float(values["commit_articles_count"])

    def processor(self) -> tuple[float, float]:
        """Return the seconds of processor that workers have used, and who commits with helpers."""
        committer, *workers = _children(self.process)  # in the order of their forks
        return sum(map(_used, workers)), sum(map(_used, _family(committer)))


@contextmanager
def served(index: Path, late: float = 0) -> Iterator[Service]:
    """Yield a service over a new index at *index*, each sync so many milliseconds *late*."""
    url = f"whoosh:{index}"
    subprocess.run(
        [sys.executable, "-m", "indexer", "add", "seeds/", "--index", url],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    environ = os.environ | {"RITAGLIO_PORT": "0", "RITAGLIO_WORKERS": str(WORKERS)}
    environ["RITAGLIO_INDEX"] = url
    command = ["benchmarks.writing.disk", str(late)] if late else ["service"]
    with subprocess.Popen(
        [sys.executable, "-m", *command], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = iter(process.stdout.readline, "")
            where = (re.search(r"http://127\.0\.0\.1:(\d+)/search", line) for line in said)
            found = next(filter(None, where), None)
            if not found:
                sys.exit("The service did not start, and says why above.")
            with watched(process.pid):
                yield Service(int(found[1]), process.pid)
        finally:
            process.terminate()


@contextmanager
def watched(pid: int) -> Iterator[None]:
    """Print how much private memory the service at *pid* had at most."""
    over, most = threading.Event(), [0]

    def look() -> None:
        while not over.wait(0.5):
            most[0] = max(most[0], private_memory(pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        print(f"private memory: {most[0] / 1e6:.0f} MB at most, over all processes")


def private_memory(pid: int) -> int:
    """Return the bytes that the process *pid* and all below it share with nobody."""
    total = 0
    for each in _family(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # it has just ended
            continue
        total += sum(int(kb) for kb in re.findall(r"(?:Pss_Anon|Pss_Shmem): +(\d+)", rollup))
    return total * 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # it has just ended
        for child in _children(pid):
            yield from _family(child)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
