"""The client of our own: as many connections as wanted on one loop, each asking without a pause.

PATHS=FILE python -m benchmarks.speed.asking ADDRESS CONNECTIONS SECONDS
"""

from __future__ import annotations

import os
import sys
from itertools import cycle
from pathlib import Path
from time import perf_counter

import msgspec

from benchmarks.speed.clients import Met
from benchmarks.wire import Ask, Client, request, serve


def main() -> None:
    address, connections, seconds = sys.argv[1:]
    paths = Path(os.environ["PATHS"]).read_text(encoding="utf-8").split()
    requests = cycle([request("GET", path) for path in paths])
    statuses: list[int] = []
    waited: list[float] = []
    began = perf_counter()
    until = began + int(seconds)

    def asking() -> Client:
        while (asked := perf_counter()) < until:
            answer = yield Ask(next(requests))
            waited.append((perf_counter() - asked) * 1000)
            statuses.append(answer.status)

    serve(int(address.rpartition(":")[2]), [asking() for _ in range(int(connections))])
    took = perf_counter() - began
    waited.sort()
    p50, p90, p99 = (waited[int(len(waited) * share)] for share in (0.5, 0.9, 0.99))
    failed = len(statuses) - statuses.count(200)
    print(msgspec.json.encode(Met(len(statuses), took, failed, p50, p90, p99)).decode())


if __name__ == "__main__":
    main()
