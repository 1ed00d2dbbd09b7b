"""What is printed where a terminal lacks letters: «?» for each, not an error half-way."""

from __future__ import annotations

import io
import sys


def take_any_letter() -> None:
    """Let standard output take any text; standard error does by itself."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
