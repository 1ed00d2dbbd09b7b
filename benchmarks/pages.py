"""How long a reader waits for the HTML of a page: `python -m benchmarks.pages INDEX`.

Starts a service with one worker over INDEX and asks for first pages of results, one after the
other, each question once: two or three words that follow one another in an article. Then for
articles. Prints milliseconds on the wall, those of the worker's processor, and the compressed
bytes of a first visit: HTML, styles, scripts and icon.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, quote_plus

QUESTIONS = 200
WARM_UP = 20
_BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_WORD = re.compile(r"[a-zàèéìòù]{4,}")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("index")
    environment = {
        **os.environ,
        "RITAGLIO_INDEX": parser.parse_args().index,
        "RITAGLIO_PORT": "0",
        "RITAGLIO_WORKERS": "1",
    }
    command = [sys.executable, "-m", "service"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        if not port:
            sys.exit("The service did not start, and says why above.")
        try:
            _measure(HTTPConnection("127.0.0.1", int(port[1])), process.pid)
        finally:
            process.terminate()


def _measure(service: HTTPConnection, master: int) -> None:
    questions, ids = _drawn(service)
    workers = _workers_of(master)
    load = os.getloadavg()[0]
    print(f"load before {load:.1f}")
    for name, addresses in (
        ("first page of results", [f"/?q={quote_plus(words)}" for words in questions]),
        ("article with its marks", [f"/articles/{quote(each)}?q=governo" for each in ids]),
    ):
        for address in addresses[:WARM_UP]:
            _asked(service, address)
        wall, cpu = [], []
        for address in addresses[WARM_UP:]:
            before, started = _cpu(workers), perf_counter()
            _asked(service, address)
            wall.append((perf_counter() - started) * 1000)
            cpu.append((_cpu(workers) - before) * 1000)
        print(f"{name:24} wall ms {_told(wall)}   processor ms, mean {statistics.fmean(cpu):.1f}")
    print(f"first visit              {_first_visit(service, questions[0]):,} bytes compressed")


def _drawn(service: HTTPConnection) -> tuple[list[str], list[str]]:
    chance = random.Random(1)
    total = json.loads(_asked(service, "/search?limit=1", gzip=False))["total"]
    questions, ids = [], []
    while len(questions) < QUESTIONS + WARM_UP:
        at = chance.randrange(total)
        answer = _asked(service, f"/search?limit=1&offset={at}&sort=title", gzip=False)
        (found,) = json.loads(answer)["results"]
        words = _WORD.findall(" ".join(each["text"] for each in found["snippets"]))
        if len(words) > 3:
            start = chance.randrange(len(words) - 2)
            questions.append(" ".join(words[start : start + chance.choice((2, 3))]))
            ids.append(found["id"])
    return questions, ids


def _first_visit(service: HTTPConnection, words: str) -> int:
    page = _asked(service, f"/?q={quote_plus(words)}", gzip=False).decode()
    named = set(re.findall(r'"(/static/[^"]+)"', page))
    return sum(len(_asked(service, each)) for each in {f"/?q={quote_plus(words)}", *named})


def _asked(service: HTTPConnection, address: str, *, gzip: bool = True) -> bytes:
    service.request("GET", address, headers=_BROWSER if gzip else {})
    answer = service.getresponse()
    body = answer.read()
    assert answer.status == 200, (address, answer.status)
    return body


def _told(values: Sequence[float]) -> str:
    cuts = statistics.quantiles(values, n=20)
    return f"median {statistics.median(values):.1f}, 95th percentile {cuts[-1]:.1f}"


def _workers_of(master: int) -> list[str]:
    """Return the one that answers, and the one that commits, which has nothing to do here."""
    return Path(f"/proc/{master}/task/{master}/children").read_text().split()


def _cpu(processes: Sequence[str]) -> float:
    ticks = 0
    for each in processes:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
