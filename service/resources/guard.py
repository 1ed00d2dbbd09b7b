"""Before anything is read or done: whether who asks may, and not too often.

The order matters. A key in an address is refused first, since it is not to be used at all; then
the request is counted, wrong keys with it; then the scope is looked at.
"""

from __future__ import annotations

from functools import lru_cache

import falcon

from service.access.clients import is_at_this_machine, partition
from service.access.keyfile import Keys
from service.access.keys import Key, Scope
from service.access.leaks import holds_key
from service.access.quotas import Allowance, Quotas
from service.access.rules import UNLIMITED_ROUTES, needed
from service.resources.problems import Problem

CHALLENGE = 'Bearer realm="Ritaglio"'
HOW = "Send it as Authorization: Bearer KEY, or as X-API-Key: KEY."


class Guard:
    """Lets in who may.

    With *local_writes*, who sits at this machine may write as long as there are no keys.
    """

    def __init__(self, keys: Keys, quotas: Quotas, *, local_writes: bool) -> None:
        self._keys = keys
        self._quotas = quotas
        self._local_writes = local_writes

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: object, _params: object
    ) -> None:
        """Refuse who may not. Raise Problem."""
        if holds_key(req.query_string):
            raise Problem(
                400,
                "key-in-address",
                f"A key does not belong in an address, which logs and histories keep. {HOW} "
                "If this was a real one, replace it.",
            )
        if req.method == "OPTIONS" or not _answers(resource, req.method):
            return  # answers Allow, or 405 with it: nothing is read or done
        route = req.uri_template or ""
        scope = needed(route, req.method)
        given = _given(req)
        key = self._keys.now().find(given) if given else None
        if key:
            req.context.client = key.name
        guessed = given and not key and scope is not Scope.ANYONE
        if guessed or route not in UNLIMITED_ROUTES:
            self._count(req, resp, scope, key)
        if not (key and key.scope >= scope):
            self._refuse(req, scope, key, given)

    def _count(
        self, req: falcon.Request, resp: falcon.Response, scope: Scope, key: Key | None
    ) -> None:
        client = key.digest if key else partition(req.context.client).encode()
        name = "writing" if scope >= Scope.WRITE else "reading"
        allowance = self._quotas.take(name, client)
        if not allowance:
            return
        resp.set_headers(_told(allowance))
        if not allowance.allowed:
            raise Problem(
                429,
                "too-many-requests",
                f"More than {allowance.rate} for {name}: ask again after {allowance.wait} s.",
                {"Retry-After": str(allowance.wait)},
            )

    def _refuse(self, req: falcon.Request, scope: Scope, key: Key | None, given: str) -> None:
        keyring = self._keys.now()
        name = scope.name.lower()
        if scope is Scope.ANYONE or (scope is Scope.READ and not keyring.closes_reading):
            return
        if key:
            raise Problem(
                403,
                "scope-too-small",
                f"This key may {key.scope.name.lower()}; this needs one of scope {name}.",
                {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{name}"'},
            )
        if not keyring.keys:
            self._refuse_without_keys(req)
        elif given:
            raise Problem(
                401,
                "key-unknown",
                f"Nobody has this key here. This needs one of scope {name}.",
                {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'},
            )
        else:
            raise Problem(
                401,
                "key-needed",
                f"This needs a key of scope {name}. {HOW}",
                {"WWW-Authenticate": CHALLENGE},
            )

    def _refuse_without_keys(self, req: falcon.Request) -> None:
        if self._local_writes and is_at_this_machine(req.env):
            return
        closed = (
            "Without keys only programs on the machine of this service may write, no web pages "
            "and nobody through a proxy"
            if self._local_writes
            else "Writing needs a key, and this service has none"
        )
        raise Problem(
            403,
            "writing-closed",
            f"{closed}: its operator sets RITAGLIO_KEYS_FILE (docs/operations.md).",
        )


@lru_cache(1_024)
def _answers(resource: object, method: str) -> bool:
    """Tell whether *resource* may answer *method*: on_put, or on_put_this in one of its roles."""
    responder = f"on_{method.lower()}"
    return any(name == responder or name.startswith(f"{responder}_") for name in dir(resource))


def _given(req: falcon.Request) -> str:
    own = req.get_header("X-API-Key")
    if own:
        return own  # a proxy may need Authorization for itself
    scheme, _, given = (req.get_header("Authorization") or "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def _told(allowance: Allowance) -> dict[str, str]:
    name, rate = allowance.name, allowance.rate
    left, wait = allowance.left, allowance.wait
    return {
        # draft-ietf-httpapi-ratelimit-headers-11
        "RateLimit-Policy": f'"{name}";q={rate.quota};w={rate.window}',
        "RateLimit": f'"{name}";r={left};t={wait}',
        # The older form, which the guidelines for Italian public APIs ask for.
        "RateLimit-Limit": str(rate.quota),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(wait),
    }
