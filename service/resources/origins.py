"""Which web pages may read the answers: those of the origins that the operator lists (CORS)."""

from __future__ import annotations

from typing import Any

import falcon

EXPOSED = (
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Request-Id",
    "Retry-After",
    "WWW-Authenticate",
)


class Origins:
    """Falcon's CORS for a list of *origins*, or for all of them (*).

    Never with credentials: a page has to be given a key, the browser sends none by itself.
    """

    def __init__(self, origins: str) -> None:
        self._any = origins == "*"
        self._cors: falcon.CORSMiddleware[Any, Any] = falcon.CORSMiddleware(
            "*" if self._any else origins.split(","), expose_headers=EXPOSED
        )

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, succeeded: bool
    ) -> None:
        """Tell browsers who may read this, and caches that it is told to each alone."""
        self._cors.process_response(req, resp, resource, succeeded)
        if not self._any:
            resp.append_header("Vary", "Origin")
