"""Each request knows who asks, and under which address it was asked: for logs, limits and feeds."""

from __future__ import annotations

import re

import falcon

from service.access.clients import Proxies

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


class Clients:
    """Believes *proxies*, and no other, about the clients they speak for."""

    def __init__(self, proxies: Proxies) -> None:
        self._proxies = proxies

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Note the address of the client, and the beginning of ours as the client sees it."""
        peer = req.env.get("REMOTE_ADDR", "")
        forwarded = req.env.get("HTTP_X_FORWARDED_FOR", "")
        req.context.client = self._proxies.client(peer, forwarded)
        req.context.prefix = _told_prefix(req) if self._proxies.trusts(peer) else req.prefix


def _told_prefix(req: falcon.Request) -> str:
    """Return what the nearest proxy tells.

    Forwarded is not looked at: proxies that write X-Forwarded-… pass it on as the client sent it.
    """
    scheme = (req.get_header("X-Forwarded-Proto") or "").rpartition(",")[2].strip()
    host = (req.get_header("X-Forwarded-Host") or "").rpartition(",")[2].strip()
    if scheme not in ("http", "https"):
        scheme = req.scheme
    if not _HOST.fullmatch(host):
        host = req.netloc
    return f"{scheme}://{host}{req.root_path}"
