"""What start-up says of who may do what: one sentence, so that nobody is surprised later."""

from __future__ import annotations

from service.access.keys import Keyring


def who_may(keyring: Keyring, *, local: bool) -> str:
    """Return the sentence; *local* tells that without keys this machine may write."""
    if keyring.closes_reading:
        return f"Reading and writing need a key ({keyring})."
    if keyring.keys:
        return f"Writing needs a key ({keyring}); reading is open to all."
    if local:
        return "Writing is open to programs on this machine, since there are no keys."
    return (
        "Nobody can write over HTTP until there are keys (RITAGLIO_KEYS_FILE, "
        "`python -m service key`); reading is open to all."
    )
