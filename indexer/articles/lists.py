"""The word lists that lie beside this package's modules."""

from __future__ import annotations

from importlib.resources import files


def read_list(name: str) -> list[str]:
    """Return the lines of the list *name*, comments and blank lines left out."""
    text = files("indexer.articles").joinpath(name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
