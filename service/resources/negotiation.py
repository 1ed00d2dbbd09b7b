"""Who gets a page and who gets JSON: browsers ask for HTML first, programs for anything or JSON."""

from __future__ import annotations

import falcon

HTML = "text/html; charset=utf-8"
PAGES = ("/", "/stato", "/articles/{article_id}")
"""The paths that answer browsers; what is refused there is told to a reader."""

_KINDS = (falcon.MEDIA_JSON, falcon.MEDIA_HTML)  # of two that are as welcome, JSON
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Negotiation:
    """Tells caches that what is answered depends on what is accepted."""

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Name the header that the answer depends on."""
        if _answers_browsers(req):
            resp.append_header("Vary", "Accept")


def prefers_page(req: falcon.Request) -> bool:
    """Whether a browser asks, where browsers are answered."""
    return _answers_browsers(req) and req.client_prefers(_KINDS) == falcon.MEDIA_HTML


def send_page(resp: falcon.Response, body: bytes) -> None:
    """Answer *body*, a page: it may load from here alone, and run nothing but our scripts."""
    resp.content_type = HTML
    resp.data = body
    resp.set_header("Content-Security-Policy", _POLICY)
    resp.set_header("Referrer-Policy", "same-origin")  # searches are nobody else's business
    resp.set_header("X-Content-Type-Options", "nosniff")


def _answers_browsers(req: falcon.Request) -> bool:
    return req.uri_template in PAGES or req.uri_template is None  # where nothing lives, either
