"""Who asks for pages over HTTP: wrk or, where that is not installed, a client of our own.

Each is a process of its own that asks the paths of a file, one after the other, over so many
connections for so many seconds, and tells in its last line what it met.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from benchmarks.speed.corpus import ROOT

_SCRIPT = Path(__file__).with_name("wrk.lua")


class Met(msgspec.Struct, frozen=True):
    """How many requests were answered in how many seconds, and milliseconds of waiting for them.

    *failed* is how many were answered with another status than 200, or not at all.
    """

    requests: int
    seconds: float
    failed: int
    p50: float
    p90: float
    p99: float


def has_wrk() -> bool:
    """Tell whether wrk is installed on this machine."""
    return shutil.which("wrk") is not None


def name() -> str:
    """Return the client that asks on this machine, and its version."""
    if not has_wrk():
        return "in Python, which takes more of the processors"
    told = subprocess.run(["wrk", "-v"], stdout=subprocess.PIPE, text=True).stdout
    version = re.search(r"\d[\d.]+", told)
    return f"wrk {version[0]}" if version else "wrk"


def ask(address: str, paths: Path, connections: int, seconds: int) -> Met:
    """Let the client ask *paths* of what is served at *address*."""
    command: list[str | Path]
    if has_wrk():
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", _SCRIPT, address]
    else:
        command = [sys.executable, "-m", "benchmarks.speed.asking", address]
        command += [str(connections), str(seconds)]
    done = subprocess.run(
        command,
        env=os.environ | {"PATHS": str(paths.absolute())},
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Met)
