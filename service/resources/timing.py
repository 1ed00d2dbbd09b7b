"""How long the search of one request may take: engines look at the time between their steps."""

from __future__ import annotations

import falcon

from indexer.engines import deadline


class SearchTime:
    """Gives what is asked of the index so many *seconds*."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def process_request(self, _req: falcon.Request, _resp: falcon.Response) -> None:
        """Begin the time."""
        deadline.give(self._seconds)

    def process_response(
        self, _req: falcon.Request, _resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Leave the thread as it was."""
        deadline.take()
