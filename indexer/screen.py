"""Standard output: what is printed where a terminal lacks letters, and where nothing more goes in.

A letter that is lacking is «?», not an error half-way. What cannot be written is one sentence.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class OutputError(Exception):
    """The output cannot be written; the message tells the operator what to do."""


def take_any_letter() -> None:
    """Let standard output take any text; standard error does by itself."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say(*lines: str) -> None:
    """Print *lines*. Raises OutputError, or BrokenPipeError where nobody reads any longer."""
    with printing():
        print(*lines, sep="\n")


@contextmanager
def printing() -> Iterator[None]:
    """Let the block print. Raises OutputError, or BrokenPipeError where nobody reads any longer."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        let_go()
        raise
    except OSError as error:
        let_go()
        raise OutputError(
            f"Cannot write to standard output ({error.strerror}): see that there is room where it "
            "leads."
        ) from error


def let_go() -> None:
    """Lead standard output nowhere: the interpreter would try once more to write what is left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
