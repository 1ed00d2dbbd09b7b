"""The addresses that articles bring: anybody's words, of which a browser may follow only some."""

from __future__ import annotations

from urllib.parse import urlsplit


def followed(url: str | None) -> tuple[str, str] | None:
    """Return *url* and its host, if a browser may be sent there: nothing but http and https."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    host = parts.hostname if parts.scheme in ("http", "https") else None
    return (url or "", host) if host else None
