"""Every refusal has one shape: problem+json (RFC 9457), with a code and what to do; or is a page.

Problem        as raised   a resource refuses
QueryError     400         the reader can mend it
TooSlow        408         the client can: its body did not come
OutOfTime      400, 503    the reader can ask for less; or the machine has too much to do
InvalidBody    400 …       the writer can
EngineError    503, 507    the operator can: the log tells how, the answer when to ask again
HTTPError      as raised   Falcon refuses: no such path, no such method
anything else  500         we can; the trace is logged, never sent
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

import falcon
import msgspec

from indexer.engines.contract import (
    EngineError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    NoRoom,
)
from indexer.engines.deadline import OutOfTime
from service.access.leaks import holds_key
from service.front.stream import TooSlow
from service.page.problem import Refusal, problem_page
from service.query import QueryError
from service.resources.negotiation import prefers_page, send_page
from service.resources.traffic import shown
from service.writing.reading import BodyTooLong, BodyTooSlow, InvalidBody

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemBody:
    """A refusal as it is sent."""

    type: str = "about:blank"  # the code tells more than a page we do not have could
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str


class Problem(Exception):
    """A refusal: *code* tells programs what is wrong, *detail* tells people what to do."""

    def __init__(
        self, status: int, code: str, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.code = code
        self.detail = detail
        self.headers = headers or {}


def answer_problem(
    req: falcon.Request, resp: falcon.Response, error: Exception, params: object
) -> None:
    """Answer *req* with the problem that *error* is."""
    problem = _problem(req, error)
    if problem.status >= 500:
        _log.error(
            "%s %s: %s",
            req.method,
            shown(req),
            # What the operator needs, folders among it, is no reader's business.
            error if isinstance(error, EngineError) else problem.detail,
            exc_info=error if problem.status == 500 else None,
            extra={"request_id": req.context.request_id},
        )
    resp.status = problem.status
    resp.set_headers(problem.headers)
    if prefers_page(req):
        send_page(resp, _page(req, problem, getattr(error, "italian", None)))
        return
    resp.content_type = MEDIA_TYPE
    resp.data = msgspec.json.encode(
        ProblemBody(
            title=problem.status.phrase,
            status=problem.status.value,
            detail=problem.detail,
            instance=quote(req.path),
            code=problem.code,
            request_id=req.context.request_id,
        )
    )


def _page(req: falcon.Request, problem: Problem, italian: str | None) -> bytes:
    refusal = Refusal(
        status=problem.status.value,
        code=problem.code,
        detail=problem.detail,
        request_id=req.context.request_id,
        italian=italian if italian != problem.detail else None,
    )
    if holds_key(req.query_string):
        return problem_page(refusal)  # a key that came in the address goes no farther
    typed = req.params.get("q", "")
    q = typed if isinstance(typed, str) else " ".join(typed)
    return problem_page(refusal, q, req.relative_uri, getattr(req.context, "kept", None))


def _problem(req: falcon.Request, error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case QueryError():
            return Problem(400, error.code, str(error))
        case TooSlow():
            return Problem(
                408,
                "request-too-slow",
                "The body did not come in time: send it faster, or in smaller parts.",
            )
        case OutOfTime():
            return _out_of_time(error)
        case BodyTooSlow():
            return Problem(408, error.code, str(error))
        case BodyTooLong():
            return Problem(413, error.code, str(error))
        case InvalidBody():
            return Problem(400, error.code, str(error))
        case EngineError():
            return _unavailable(error)
        case falcon.HTTPRouteNotFound():
            return Problem(
                404,
                "path-not-found",
                "Nothing lives at this path; there are /, /search, /search.atom, /articles, "
                "/articles/{id}, /articles/{id}/similar, /timeline, /suggest, /opensearch.xml, "
                "/stato, /static/{name}, "
                "/status, /healthz, /readyz, /metrics, /openapi.json and /docs.",
            )
        case falcon.HTTPMethodNotAllowed():
            headers = dict(error.headers or {})
            detail = f"This path answers {headers['Allow']}, not {req.method}."
            return Problem(405, "method-not-allowed", detail, headers)
        case falcon.HTTPError():
            status = HTTPStatus(error.status_code)
            code = status.phrase.lower().replace(" ", "-")
            detail = (error.description or status.phrase).rstrip(".")
            return Problem(status, code, f"{detail}.")
        case _:
            return Problem(
                500,
                "internal-error",
                "This is a fault of the service; its log says which. Please report it.",
            )


def _out_of_time(error: OutOfTime) -> Problem:
    if error.busy:
        detail = f"{error} The service is busy: ask again in a while."
        return Problem(503, "search-too-slow", detail, {"Retry-After": RETRY_AFTER})
    return Problem(
        400,
        "search-too-slow",
        f"{error} Ask for fewer words, or rarer ones: phrases of common words take longest.",
    )


def _unavailable(error: EngineError) -> Problem:
    later = {"Retry-After": RETRY_AFTER}
    match error:
        case IndexBusy():
            detail = "Others, here or in another program, write to the index: try again soon."
            return Problem(503, "index-busy", detail, later)
        case NoRoom():
            detail = "The disk of the index is full: nothing was changed, and searches go on."
            return Problem(507, "no-room", detail, later)
        case IndexMissing():
            detail = "There is no index: whoever runs the service has to make one."
        case IndexOutdated():
            detail = "Another version built the index: python -m indexer rebuild builds it anew."
        case IndexDamaged():
            detail = "A file of the index is damaged: the log of the service tells which."
        case _:
            detail = (
                "The index cannot be read, or not be written to: the log of the service tells why."
            )
    return Problem(503, "index-unavailable", detail, later)
