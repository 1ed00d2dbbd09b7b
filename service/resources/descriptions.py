"""GET /openapi.json and /docs: what the service can be asked, for programs and for people."""

from __future__ import annotations

import falcon

from service.resources.parameters import read_given

# The page loads nothing, and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class WrittenResource:
    """Answers the same *body* to everyone."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._body = body
        self._content_type = content_type

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer it."""
        read_given(req.params)
        resp.content_type = self._content_type
        resp.data = self._body
        resp.set_header("Content-Security-Policy", _POLICY)

    on_head = on_get
