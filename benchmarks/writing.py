"""How fast are articles written over HTTP, and does each write count at once, for everybody?

python -m benchmarks.writing [--seconds 60] [--articles FILE.jsonl]

Starts a service with four workers on an index of its own. Each writing client puts new articles,
replaces and deletes its own, and after every answer reads the article through another connection:
an answer that does not show the write is a stale read. In the end every article that was answered
for is looked for, and every one that was deleted. Clients are the threads of one process
that shares the machine with the service, so the figures are of both. Readers ask without a pause:
they take what processor there is.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORKERS, WRITERS, READERS = 4, 8, 8
WORDS = "governo piano pace legge voto città scuola fiume neve treno mare porto luce".split()  # noqa: SIM905
JSON = {"Content-Type": "application/json"}


def main() -> None:
    """Measure, and print what was found; the exit status tells whether all writes counted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--articles", type=Path, help="a file of lines to load, by HTTP and not")
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}")
    faults = 0
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "index") as (port, _):
        alone = run(port, "one writing client", 1, 0, options.seconds // 4)
        beside = run(port, "one writing client beside readers", 1, READERS, options.seconds // 4)
        many = run(port, "writing and reading clients", WRITERS, READERS, options.seconds)
        eight = run(port, "eight writing clients", WRITERS, 0, options.seconds // 4)
        fifty = run(port, "fifty writing clients", 50, 0, options.seconds // 4)
        print(f"eight beside readers against one alone: {times(many, alone)}")
        print(f"eight beside readers against one beside them: {times(many, beside)}")
        print(f"eight alone against one alone: {times(eight, alone)}")
        print(f"fifty alone against one alone: {times(fifty, alone)}")
        faults = sum(each["faults"] for each in (alone, beside, many, eight, fifty))
    if options.articles:
        load(options.articles)
    print(f"load after: {os.getloadavg()}")
    sys.exit(bool(faults))


def times(more: dict[str, Any], less: dict[str, Any]) -> str:
    """Return how many times as many writes a second there were."""
    return f"{more['writes/s'] / max(less['writes/s'], 0.1):.1f} times"


@contextmanager
def served(index: Path) -> Iterator[tuple[int, int]]:
    """Yield port and process of a service over a new index at *index*."""
    url = f"whoosh:{index}"
    subprocess.run(
        [sys.executable, "-m", "indexer", "add", "seeds/", "--index", url],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    environ = os.environ | {"RITAGLIO_PORT": "0", "RITAGLIO_WORKERS": str(WORKERS)}
    environ["RITAGLIO_INDEX"] = url
    with subprocess.Popen(
        [sys.executable, "-m", "service"], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            found = None
            while not found:
                found = re.search(r"http://127\.0\.0\.1:(\d+)/search", process.stdout.readline())
            with watched(process.pid):
                yield int(found[1]), process.pid
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
    """Return the bytes that the process *pid* and its children share with nobody."""
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    total = 0
    for each in (str(pid), *children):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # it has just ended
            continue
        total += sum(int(kb) for kb in re.findall(r"(?:Pss_Anon|Pss_Shmem): +(\d+)", rollup))
    return total * 1024


def processor(pid: int) -> float:
    """Return the seconds of processor that the children of *pid* have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ticks = 0
    for each in children:
        fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def run(port: int, name: str, writers: int, readers: int, seconds: int) -> dict[str, Any]:
    """Let so many clients ask for *seconds*, and print what they met."""
    until = time.time() + seconds
    orders, commits = commits_so_far(port)
    seed = random.randrange(10**6)
    with ThreadPoolExecutor(writers + readers) as pool:
        writing = [pool.submit(write, port, f"{seed}-{n}", until) for n in range(writers)]
        reading = [pool.submit(read, port, n, until) for n in range(readers)]
        wrote = sum((each.result() for each in writing), Counter[str]())
        seen = sum((each.result() for each in reading), Counter[str]())
    found: dict[str, Any] = {
        "writes/s": wrote["done"] / seconds,
        "searches/s": seen["200"] / seconds,
    }
    found["faults"] = wrote["stale"] + wrote["lost"] + wrote["fault"] + seen["fault"]
    print(
        f"{name} ({writers}+{readers}, {seconds} s): {wrote['done'] / seconds:.0f} writes/s,",
        end=" ",
    )
    after, number = commits_so_far(port)
    group = (after - orders) / max(1.0, number - commits)
    print(f"{seen['200'] / seconds:.0f} searches/s, {group:.1f} orders a commit,", end=" ")
    print(dict(wrote), dict(seen))
    return found


def commits_so_far(port: int) -> tuple[float, float]:
    """Return how many orders were carried out since the service began, in how many commits."""
    _, body = ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "GET", "/metrics")
    values = dict(re.findall(r"^ritaglio_(commit_articles_\w+) (\S+)$", body.decode(), re.M))
    return float(values["commit_articles_sum"]), float(values["commit_articles_count"])


def write(port: int, name: str, until: float) -> Counter[str]:
    """Write articles called after *name* until *until*; return how often what happened."""
    chance = random.Random(name)
    mine = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found: Counter[str] = Counter()
    kept: dict[str, str] = {}
    while time.time() < until:
        known = chance.choice(list(kept)) if kept and chance.random() < 0.3 else None
        if known and chance.random() < 0.3:
            status, _ = ask(mine, "DELETE", f"/articles/{known}")
            expected, article_id = {204: None}, known
        else:
            article_id = known or f"{name}-{found['done']}"
            text = " ".join(chance.choices(WORDS, k=300)) + f" {chance.random()}"
            body = json.dumps({"title": "Prova", "text": text})
            status, _ = ask(mine, "PUT", f"/articles/{article_id}", body)
            expected = {200: text, 201: text}
        if status == 503:
            found["503"] += 1
            continue
        if status not in expected:
            found["fault"] += 1
            continue
        found["done"] += 1
        text = expected[status]
        kept.pop(article_id, None)
        if text is not None:
            kept[article_id] = text
        if found["done"] % 5 == 0:
            found["stale"] += not shows(port, article_id, text)
    found["lost"] = sum(not shows(port, each, text) for each, text in kept.items())
    return found


def shows(port: int, article_id: str, text: str | None) -> bool:
    """Tell whether a new connection, to any worker, brings this *text*; None for no article."""
    other = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    status, body = ask(other, "GET", f"/articles/{article_id}")
    other.close()
    return status == 404 if text is None else status == 200 and json.loads(body)["text"] == text


def read(port: int, number: int, until: float) -> Counter[str]:
    """Search until *until*; return how often which status came."""
    chance = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found: Counter[str] = Counter()
    while time.time() < until:
        asked = "+".join(chance.sample(["pace", "neve", "treno", "porto", "piano"], 2))
        status, _ = ask(connection, "GET", f"/search?q={asked}")
        found[str(status)] += 1
        found["fault"] += status >= 500
    return found


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None
) -> tuple[int, bytes]:
    """Return status and body of what is answered."""
    connection.request(method, path, body and body.encode(), JSON if body else {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def load(articles: Path) -> None:
    """Load *articles* over HTTP, then by the command line; print how many a second."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "index") as (port, pid):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3_600)
        start = time.monotonic()
        with articles.open("rb") as lines:
            connection.request(
                "POST",
                "/articles",
                lines,
                {"Content-Type": "application/x-ndjson"},
                encode_chunked=True,
            )
        *_, last = connection.getresponse().read().splitlines()
        seconds = time.monotonic() - start
        told, used = json.loads(last), processor(pid)
        print(
            f"lines over HTTP: {told['created'] / seconds:.0f} articles/s, {seconds:.1f} s, {told}"
        )
        print(f"processor time: {used:.1f} s, {told['created'] / used:.0f} articles a second of it")
        lines_of_all, commits = commits_so_far(port)
        print(f"{lines_of_all / commits:.0f} lines a commit")
        over_http = told["created"] / seconds
    for jobs in ("1", str(os.cpu_count())):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "indexer", "add", "--jobs", jobs, str(articles)]
            start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*command, "--index", f"whoosh:{folder}/index"], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            seconds = time.monotonic() - start
            rate = told["created"] / seconds
            print(f"command line, --jobs {jobs}: {rate:.0f} articles/s, {seconds:.1f} s,", end=" ")
            print(f"{used:.1f} s of processor; over HTTP {over_http / rate:.2f} of that")


if __name__ == "__main__":
    main()
