"""What processes of one service say to each other about orders: frames over a socket.

    a worker       →  ORDERS     a batch of them, and waits
    the committer  →  ANSWER     once they are durable, or why they are not
    a worker       →  WITHDRAW   when it waits no longer; the answer says whether that came in time

Both ends are this program at this moment, in a folder that no other user may enter: so what
MessagePack cannot tell, an error or half a surrogate pair, travels as a pickle, in twice the time.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from service.writing.orders import Order, Outcome

ORDERS, ANSWER, WITHDRAW = b"o", b"a", b"w"
DOOR = "committer"
"""The name of the committer's socket in the folder that is shared."""

_HEADER = struct.Struct("<c?Q")  # what it is, whether pickled, and the bytes of what follows
_CHUNK = 1 << 18
_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: dict[bytes, msgspec.msgpack.Decoder[Any]] = {
    ORDERS: msgspec.msgpack.Decoder(tuple[int, tuple[Order, ...]]),
    ANSWER: msgspec.msgpack.Decoder(tuple[int, list[Outcome], None]),
    WITHDRAW: msgspec.msgpack.Decoder(int),
}


def frame(kind: bytes, what: Any = None) -> bytearray:
    """Return *what* as it travels."""
    framed, pickled = bytearray(_HEADER.size), False
    try:
        _ENCODER.encode_into(what, framed, _HEADER.size)
    except (TypeError, ValueError, OverflowError):
        framed[_HEADER.size :] = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
        pickled = True
    _HEADER.pack_into(framed, 0, kind, pickled, len(framed) - _HEADER.size)
    return framed


class Frames:
    """What comes by *connection*, put together again."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()

    def receive(self, flags: int = 0) -> bool:
        """Take in what has come; tell whether the other side is still there. Raise OSError."""
        part = self._connection.recv(_CHUNK, flags)
        self._held += part
        return bool(part)

    def whole(self) -> Iterator[tuple[bytes, Any]]:
        """Yield what has come as a whole: which kind, and what."""
        while len(self._held) >= _HEADER.size:
            kind, pickled, size = _HEADER.unpack_from(self._held)
            end = _HEADER.size + size
            if len(self._held) < end:
                return
            with memoryview(self._held) as held, held[_HEADER.size : end] as content:
                what = pickle.loads(content) if pickled else _DECODERS[kind].decode(content)
            del self._held[:end]
            yield kind, what
