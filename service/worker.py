"""gunicorn's worker, refusing what is no request of HTTP in the shape of all our refusals."""

from __future__ import annotations

import json
import logging
import socket
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from gunicorn.http.errors import (
    ConfigurationProblem,
    ExpectationFailed,
    ForbiddenProxyRequest,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker

REFUSALS: dict[type[Exception], tuple[HTTPStatus, str, str]] = {
    LimitRequestLine: (
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "address-too-long",
        "The address is longer than 8,190 bytes: send the parameters by POST.",
    ),
    LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers-too-large",
        "More than 50 headers, or one longer than 8,190 bytes: send fewer and shorter ones.",
    ),
    ExpectationFailed: (
        HTTPStatus.EXPECTATION_FAILED,
        "expectation-failed",
        "The only expectation that can be met is 100-continue.",
    ),
    UnsupportedTransferCoding: (
        HTTPStatus.NOT_IMPLEMENTED,
        "unknown-transfer-coding",
        "Send the body chunked, or with its Content-Length.",
    ),
    ForbiddenProxyRequest: (
        HTTPStatus.FORBIDDEN,
        "forbidden-proxy",
        "This address may not speak for others.",
    ),
    ParseException: (
        HTTPStatus.BAD_REQUEST,
        "malformed-request",
        "This is no request that HTTP knows; characters in the address are percent-encoded.",
    ),
}

# Of the same family, and not the client's: headers of our own answer, gunicorn's settings.
_FAULTS = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)

_log = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """Answers requests on threads."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Refuse a request that could not be read; leave faults to gunicorn.

        What was sent is not logged: a key may stand in it.
        """
        found = next((REFUSALS[kind] for kind in type(exc).__mro__ if kind in REFUSALS), None)
        if found is None or isinstance(exc, _FAULTS):
            if getattr(req, "uri", None):
                req.uri = req.uri.partition("?")[0]  # it is logged
            super().handle_error(req, client, addr, exc)
            return
        request_id = uuid4().hex
        address = addr[0] if addr else ""
        _log.warning(
            "%s sends no request: %s (%s)",
            address,
            found[1],
            type(exc).__name__,
            extra={"request_id": request_id},
        )
        try:
            client.sendall(_written(*found, request_id))
        except OSError:
            _log.debug("the client is gone")


def _written(status: HTTPStatus, code: str, detail: str, request_id: str) -> bytes:
    body = json.dumps(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            "instance": "",  # the path could not be read
            "code": code,
            "request_id": request_id,
        }
    )
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        f"Request-Id: {request_id}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", body)).encode("ascii")
