"""What it costs a request to be let in: `python -m benchmarks.guard [PROCESSES]`.

Each process lets in requests as fast as it can: with ten keys, from a file, a quota to count in
memory that all of them share, a named proxy, and an address or a key of its own. Prints the
median and the 99th percentile of microseconds for each request, one way of asking to a line.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter_ns

import falcon
from falcon.testing import create_environ

from service.access.clients import Proxies
from service.access.keyfile import Keys
from service.access.keys import NO_KEYS, make
from service.access.quotas import UNLIMITED, Quotas, Rate
from service.resources.clients import Clients
from service.resources.guard import Guard

REQUESTS = 20_000
WARM_UP = 2_000


class Searched:
    """Stands for what would answer."""

    def on_get(self) -> None:
        """Never called here."""


def main() -> None:
    """Measure each way with one process, then with as many as asked for."""
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "keys"
        entries = [make("write", f"program-{number}") for number in range(10)]
        file.write_text("\n".join(entries))
        key = entries[5].partition(":")[0]
        rate = Rate(1_000_000, 1)
        for name, headers, limited in (
            ("no key, no limit", {}, False),
            ("no key, a limit", {}, True),
            ("a key, no limit", {"Authorization": f"Bearer {key}"}, False),
            ("a key, a limit", {"Authorization": f"Bearer {key}"}, True),
        ):
            quotas = Quotas(rate, rate) if limited else Quotas(UNLIMITED, UNLIMITED)
            for count in (1, processes):
                print(f"{name:18} {count} processes: {_measured(count, quotas, file, headers)}")


def _measured(count: int, quotas: Quotas, file: Path, headers: dict[str, str]) -> str:
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()

    def run(number: int) -> None:
        told.put(_times(number, quotas, file, headers))

    workers = [context.Process(target=run, args=(number,)) for number in range(count)]
    for worker in workers:
        worker.start()
    times = sorted(each for _ in workers for each in told.get())
    for worker in workers:
        worker.join()
    high = times[len(times) * 99 // 100]
    return f"{statistics.median(times) / 1000:6.1f} µs, 99 %: {high / 1000:6.1f} µs"


def _times(number: int, quotas: Quotas, file: Path, headers: dict[str, str]) -> list[int]:
    clients = Clients(Proxies(hops=1))
    guard = Guard(Keys(NO_KEYS, str(file)), quotas, local_writes=False)
    forwarded = {"X-Forwarded-For": f"10.0.0.{number}", **headers}
    environ = create_environ("/search", query_string="q=citt%C3%A0+di+Roma", headers=forwarded)
    times = []
    for _ in range(WARM_UP + REQUESTS):
        request, response = falcon.Request(environ), falcon.Response()
        request.uri_template = "/search"
        started = perf_counter_ns()
        clients.process_request(request, response)
        guard.process_resource(request, response, Searched(), {})
        times.append(perf_counter_ns() - started)
    return times[WARM_UP:]


if __name__ == "__main__":
    main()
