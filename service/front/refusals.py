"""What is answered below the application, in the shape of all our refusals."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
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

from service.front.stream import TooSlow

_log = logging.getLogger(__name__)


class Crowded(Exception):
    """All threads that read long bodies do so already."""


REFUSALS: dict[type[Exception], tuple[HTTPStatus, str, str]] = {
    LimitRequestLine: (
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "address-too-long",
        "The address is longer than 8,190 bytes: send the parameters by POST.",
    ),
    LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers-too-large",
        "More than 50 headers, one longer than 8,190 bytes, or more bytes of them than are taken "
        "here: send fewer and shorter ones.",
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
    TooSlow: (
        HTTPStatus.REQUEST_TIMEOUT,
        "request-too-slow",
        "The request did not come in time: send it faster, or in smaller parts.",
    ),
    Crowded: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too-many-bodies",
        "Many long bodies are being read already: send it again in a while.",
    ),
}

# Of the same family, and not the client's: headers of our own answer, gunicorn's settings.
_FAULTS = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)


def refuse(error: Exception, address: str) -> bytes | None:
    """Return what to answer to *error*, of a client at *address*; None where the fault is ours.

    What was sent is not logged: a key may stand in it.
    """
    found = next((REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS), None)
    if found is None or isinstance(error, _FAULTS):
        return None
    request_id = uuid4().hex
    kind = type(error).__name__
    extra = {"request_id": request_id}
    _log.warning("%s sends no request: %s (%s)", address, found[1], kind, extra=extra)
    return _written(*found, request_id)


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
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        f"Request-Id: {request_id}",
        "Connection: close",
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        head.append("Retry-After: 5")
    return "\r\n".join((*head, "", body)).encode("ascii")
