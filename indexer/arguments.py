"""What no command may be given for a file: a name that is empty, as a variable that is unset is.

Taken for a path it would be the current folder.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path


def file_name(text: str) -> str:
    """Return *text*, which names a file or, as «-», a stream. Raises ArgumentTypeError."""
    if not text:
        raise ArgumentTypeError("an empty name is none: see whether a variable is unset")
    return text


def path(text: str) -> Path:
    """Return the path that *text* names. Raises ArgumentTypeError."""
    return Path(file_name(text))
