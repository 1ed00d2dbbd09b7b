"""The environment variables that the indexer reads, and what is nearly one of them.

A name that is misspelt would be passed over without a word, and articles go into another index.
The service's own variables may stand beside these; which there are is its affair, so only what is
close to one of ours is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

INDEX, PASSWORD, KEY = "RITAGLIO_INDEX", "RITAGLIO_INDEX_PASSWORD", "RITAGLIO_INDEX_KEY"
_OURS = (INDEX, PASSWORD, KEY)
_CLOSE = 0.88  # RITAGLIO_INDICE is; RITAGLIO_INDEX_PORT, which Kubernetes may make up, is not


class SettingsError(Exception):
    """A variable that is misspelt; the message names the right one."""


def check_names(names: Iterable[str]) -> None:
    """Raise SettingsError where one of *names*, of variables, is nearly one of ours."""
    for name in names:
        if name.startswith("RITAGLIO_") and name not in _OURS:
            for close in get_close_matches(name, _OURS, n=1, cutoff=_CLOSE):
                raise SettingsError(f"There is no setting {name}: did you mean {close}?")
