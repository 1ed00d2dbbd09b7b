"""A request as gunicorn parses it, whose answer does not wait for a body that nobody asked for.

gunicorn would throw such a body away before it sends the answer, and wait for it on a thread. Here
the connection is closed instead, and the head of the answer says so: the loop throws away what
still comes, until the client has read the answer.
"""

from __future__ import annotations

from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request as Parsed
from gunicorn.http.parser import RequestParser

_REST = 65_536  # bytes of a body that are thrown away, so that the connection can stay


class Request(Parsed):
    """A request; it has been read as far as it will be once its answer begins."""

    def should_close(self) -> bool:
        """Tell whether nothing can follow on the connection, as gunicorn asks then."""
        if self.unreader.sock.waiting and not self.must_close and not self._ends():
            self.force_close()
        return bool(super().should_close())

    def _ends(self) -> bool:
        """Tell whether the end of the body is there, without waiting for it."""
        stream = self.unreader.sock
        stream.settimeout(0)
        try:
            return not self.body.failed and len(self.body.read(_REST)) < _REST
        except (OSError, ParseException):
            return False
        finally:
            stream.settimeout(None)


class Requests(RequestParser):
    """The requests of one connection, one after the other."""

    mesg_class = Request
