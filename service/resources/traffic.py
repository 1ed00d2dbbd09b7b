"""Every request has an id, is counted, and leaves a line in the log where one is wanted.

A proxy's id is taken over (Request-Id or X-Request-ID), echoed, and told in problems and logs.
"""

from __future__ import annotations

import re
from time import perf_counter
from urllib.parse import quote
from uuid import uuid4

import falcon

from service.access.leaks import without_keys
from service.logs import ACCESS
from service.metrics import Metrics

HEADERS = ("Request-Id", "X-Request-ID")
_ACCEPTED = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


class Traffic:
    """Names, times and counts requests."""

    def __init__(self, metrics: Metrics, *, log: bool) -> None:
        self._metrics = metrics
        self._log = log

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Begin the clock and give the request its id."""
        req.context.started = perf_counter()
        given = next(filter(None, (req.get_header(name) for name in HEADERS)), "")
        req.context.request_id = given if _ACCEPTED.fullmatch(given) else uuid4().hex

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Count what was answered."""
        seconds = perf_counter() - req.context.started
        resp.set_header("Request-Id", req.context.request_id)
        if req.get_header("X-Request-ID"):
            resp.set_header("X-Request-ID", req.context.request_id)
        status = resp.status_code
        self._metrics.observe(route_of(req), status, seconds)
        if self._log:
            ms = round(seconds * 1000, 1)
            client = getattr(req.context, "client", "")
            ACCESS.info(
                "%s %s %s %s %sms",
                client,
                req.method,
                shown(req),
                status,
                ms,
                extra={
                    "request_id": req.context.request_id,
                    "client": client,
                    "method": req.method,
                    "path": req.path,
                    "query": without_keys(req.query_string),
                    "status": status,
                    "ms": ms,
                },
            )


def shown(req: falcon.Request) -> str:
    """Return the address of *req* as it may be logged."""
    path, query = quote(req.root_path + req.path), without_keys(req.query_string)
    return f"{path}?{query}" if query else path


def route_of(req: falcon.Request) -> str | None:
    """Return the path of the route that answers, its variables in braces; None where none does."""
    return req.uri_template
