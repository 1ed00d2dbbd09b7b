"""What each route needs. Closed by default: what this table does not name needs a key that writes.

Reading is open as long as no key of scope read exists; writing never is, except from this machine
to a service that has no keys and listens to this machine alone.
"""

from __future__ import annotations

from service.access.keys import Scope

_ANYONE = {"GET": Scope.ANYONE}
_READERS = {"GET": Scope.READ}

NEEDS: dict[str, dict[str, Scope]] = {
    "/": _READERS,
    "/search": {"GET": Scope.READ, "POST": Scope.READ},  # POST for parameters too long for GET
    "/search.atom": _READERS,
    "/articles/{article_id}": _READERS,
    "/articles/{article_id}/similar": _READERS,
    "/timeline": _READERS,
    "/suggest": _READERS,
    "/stato": _READERS,
    "/metrics": _READERS,  # how much is read and written is told to readers; Prometheus has a key
    # Nothing of the articles: how the service is, and how it is spoken to.
    "/status": _ANYONE,
    "/healthz": _ANYONE,
    "/readyz": _ANYONE,
    "/openapi.json": _ANYONE,
    "/docs": _ANYONE,
    "/opensearch.xml": _ANYONE,
    "/static/{name}": _ANYONE,  # a refusal is a page too
}

UNLIMITED_ROUTES = frozenset({"/healthz", "/readyz", "/status", "/metrics", "/static/{name}"})
"""Never limited: programs that watch would take a limit for a fault, a page for its end."""


def needed(route: str, method: str) -> Scope:
    """Return the scope that *method* needs on *route*, its variables in braces."""
    if method == "OPTIONS":
        return Scope.ANYONE  # asks what could be asked
    return NEEDS.get(route, {}).get("GET" if method == "HEAD" else method, Scope.WRITE)
