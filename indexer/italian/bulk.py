"""The bulk face of the chain: the chunks of a whole text, cut by bytes, without offsets.

For each chunk that differs, ``analyse_chunk(chunk.decode())`` tells the same tokens as ``analyse``.
"""

from __future__ import annotations

from indexer.italian.chunks import ASCII_BREAKS, WIDE_BREAKS, prepare

_TABLE = bytes(32 if chr(code) in ASCII_BREAKS else code for code in range(256))


def blanked(text: str) -> bytes:
    """Return the chunks of *text* in reading order, in UTF-8, with blanks between them."""
    text = prepare(text)
    if not text.isascii():
        for wide in WIDE_BREAKS:
            text = text.replace(wide, " ")
    # A lone surrogate has no bytes: it becomes «?», which breaks as the surrogate does.
    return text.encode("utf-8", "replace").translate(_TABLE)


def split(text: str) -> list[bytes]:
    """Return the chunks of *text* in reading order, in UTF-8."""
    return blanked(text).split()
