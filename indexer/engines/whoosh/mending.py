"""Undoing a flipped bit: a CRC-32 tells not only that one bit is wrong, but which.

The difference of two checksums depends on the place of the bit alone. Where more than one is
wrong, hardly ever does a difference look like that of one (once in 8,000 blocks), so what is mended
is not trusted by that alone: articles carry checksums of their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_POLYNOMIAL = 0xEDB88320  # of CRC-32, its bits in the order that zlib keeps them


def mended(content: bytes, checksum: int) -> bytes | None:
    """Return *content* with one bit flipped so that *checksum* is right, None where none helps."""
    difference = zlib.crc32(content) ^ checksum
    if not difference:
        return content
    if difference.bit_count() == 1:
        return content  # the bit that flipped is one of the checksum itself
    register = 1
    # Step by step from the end: what a flipped bit leaves in the checksum so far from it.
    for distance in range(1, 8 * len(content) + 1):
        register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)
        if register == difference:
            place, bit = divmod(8 * len(content) - distance, 8)
            found = bytearray(content)
            found[place] ^= 1 << bit
            return bytes(found)
    return None


def with_a_bit_flipped(content: bytes, tail: int) -> Iterator[bytes]:
    """Yield *content*, and then with each single bit of its last *tail* bytes flipped."""
    yield content
    for place in range(max(0, len(content) - tail), len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            yield bytes(changed)
