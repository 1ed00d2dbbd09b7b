"""What a benchmark is given, and is on this machine: what is not there is told before it begins."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from indexer.engines import open_engine
from indexer.engines.contract import Engine, EngineError


def file(text: str) -> Path:
    """Return the path of a file that is there; raise what argparse tells in a sentence."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return Path(text)


def engine(url: str, *, create: bool = False) -> Engine:
    """Return the engine of the index at *url*; end with a sentence where there is none."""
    try:
        return open_engine(url, create=create)
    except EngineError as error:
        sys.exit(str(error))


def linux() -> None:
    """End with a sentence where no /proc tells memory and processor."""
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("Memory and processor are read from Linux's /proc, which is not here.")
