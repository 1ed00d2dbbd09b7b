"""Many lines, over HTTP and by the command line."""

from __future__ import annotations

import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.writing.service import served


def load(articles: Path) -> None:
    """Load *articles* over HTTP, then by the command line; print how many a second."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "index") as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=3_600)
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
        told, used = json.loads(last), sum(service.processor())
        print(
            f"lines over HTTP: {told['created'] / seconds:.0f} articles/s, {seconds:.1f} s, {told}"
        )
        print(f"processor time: {used:.1f} s, {told['created'] / used:.0f} articles a second of it")
        lines_of_all, commits = service.commits()
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
