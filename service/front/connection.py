"""One client, from its first byte to its last: where it stands, and how long it may stay there."""

from __future__ import annotations

import socket
from enum import Enum
from time import monotonic
from typing import Any

from gunicorn.config import Config

from service.front.bounds import Bounds
from service.front.request import Requests
from service.front.stream import Stream


class State(Enum):
    """What a connection waits for; in all but UNDER_WAY it is the loop's."""

    IDLE = "idle"  # the first byte of a request
    ARRIVING = "arriving"  # its last
    QUEUED = "queued"  # a thread that may read its body
    UNDER_WAY = "under way"  # the thread that answers
    SENDING = "sending"  # a client that takes the answer
    LINGERING = "lingering"  # a client that closes, having sent and read all
    CLOSED = "closed"


class Connection:
    """A connection as gunicorn's threads take it: with a parser, and a socket that never blocks."""

    # gunicorn need not prepare what is prepared here.
    initialized = True
    data_ready = True
    is_http2 = False

    def __init__(
        self, cfg: Config, client: socket.socket, address: Any, server: Any, bounds: Bounds
    ) -> None:
        self.cfg = cfg
        self.sock = Stream(client, bounds)
        self.client = address
        self.server = server
        self.parser = Requests(cfg, self.sock, address)
        self.state = State.IDLE
        self.awaited: tuple[int, object] = (0, None)  # events, and what follows them
        self.keep = True  # open after the answer
        self.streamed = False  # its thread is one of the few that read bodies
        self._seconds = bounds.patience
        self._until = monotonic() + bounds.patience

    @property
    def host(self) -> str:
        """Whose connection it is."""
        return str(self.client[0]) if self.client else ""

    @property
    def until(self) -> float:
        """When its time is over in the state it is in."""
        match self.state:
            case State.ARRIVING | State.SENDING:
                return self.sock.pace.until
            case State.UNDER_WAY:  # of a body that still comes nothing hangs
                return max(self._until, self.sock.received_at + self._seconds)
            case _:
                return self._until

    def enter(self, state: State, seconds: float = 0) -> None:
        """Go on to *state*, for so many *seconds* where no pace gives the time."""
        self.state = state
        self._seconds = seconds
        self._until = monotonic() + seconds

    def still_comes(self, seconds: float) -> bool:
        """Tell whether a body is read of which something came in the last *seconds*."""
        return self.streamed and monotonic() - self.sock.received_at < seconds

    def init(self) -> None:
        """Be ready, as gunicorn asks: it is."""

    def asks_again(self, seconds: float) -> bool:
        """Tell whether the next request comes whole within so many *seconds*, on a thread.

        Then it is under way as the one before it was. What has come of any other stays for the
        loop to look at.
        """
        if self.streamed or self.sock.unsent:
            return False
        self.take_back()
        whole = self.sock.comes(seconds)
        if whole:
            self.enter(State.UNDER_WAY, self._seconds)
        return whole

    def take_back(self) -> None:
        """Put what gunicorn read ahead in front of what has arrived since."""
        ahead: bytes = self.parser.unreader.take_buffered()
        if ahead:
            self.sock.put_back(ahead)

    def close(self) -> None:
        """Let go of the socket."""
        self.state = State.CLOSED
        self.sock.close()
