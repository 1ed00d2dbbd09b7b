"""Who we are to a cluster: a user with a password, or a key, and nowhere a word of either.

    password_file=, key_file= in the URL   a file of one line
    RITAGLIO_INDEX_PASSWORD, …_KEY         the same, where the URL names none

They become a header, and nothing else keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import urllib3

from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import SHAPE, Address
from indexer.settings import KEY, PASSWORD


def header(address: Address, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the header that tells the cluster at *address* who we are; empty where nobody asks."""
    given = os.environ if environ is None else environ
    key = _secret(address.key_file, "key", given.get(KEY, ""))
    password = _secret(address.password_file, "password", given.get(PASSWORD, ""))
    if address.user and not address.key_file and (password or not key):
        if not password:
            raise EngineError(
                f"{address} names a user and nothing a password: set {PASSWORD}, or write "
                f"{SHAPE}?password_file=/path/to/it."
            )
        return _sendable(urllib3.make_headers(basic_auth=f"{address.user}:{password}"))
    if address.password_file:
        raise EngineError(f"{address} names a password alone: write its user too, as in {SHAPE}.")
    if not key:
        return {}
    # Clouds that know tokens alone want the word before them to be another.
    return _sendable({"authorization": key if " " in key else f"ApiKey {key}"})


def _secret(file: str, what: str, given: str) -> str:
    if not file:
        return given.strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise EngineError(
            f"Cannot read the {what} in {file} ({reason}): name a file of one line that this user "
            f"may read, as {what}_file= in the URL of the index."
        ) from None


def _sendable(header: dict[str, str]) -> dict[str, str]:
    if not all(value.isascii() and value.isprintable() for value in header.values()):
        raise EngineError(
            "The key of the index is more than one line of plain letters, digits and signs: see "
            f"what key_file= in its URL names, or {KEY}."
        )
    return header
