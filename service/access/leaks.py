"""Keys do not belong in addresses, which logs, histories and proxies keep.

What of a query looks like a key by its name is refused by the service, and nowhere repeated.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

HIDDEN = "[hidden]"
_NAMES = frozenset(
    {"key", "apikey", "xapikey", "accesskey", "token", "accesstoken", "authtoken", "bearer"}
    | {"authorization", "auth", "secret", "password"}
)
_LIKELY = re.compile("key|token|auth|bearer|secret|password|%", re.IGNORECASE)
_PARTS = re.compile("([&;])")


def holds_key(query: str) -> bool:
    """Tell whether a parameter of *query* is named as keys are."""
    return bool(_LIKELY.search(query)) and any(map(_is_named_so, _PARTS.split(query)))


def without_keys(query: str) -> str:
    """Return *query* with the values of such parameters hidden."""
    if not holds_key(query):
        return query
    return "".join(
        f"{part.partition('=')[0]}={HIDDEN}" if _is_named_so(part) else part
        for part in _PARTS.split(query)
    )


def _is_named_so(part: str) -> bool:
    name = unquote_plus(part.partition("=")[0])
    return name.lower().replace("-", "").replace("_", "") in _NAMES
