"""Who asks: the address of the client, and whether it is a person at this very machine.

    client ──→ proxy ──→ proxy ──→ service
    X-Forwarded-For: client, proxy          peer: the last proxy

Each proxy appends whom it heard, and anyone may send the header already filled; so it counts from
the right, and only as far as the operator has named proxies. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

MOST_HOPS = 16
_PREFIX = 64  # what one household or server is given of IPv6

# How the headers begin that proxies add: who comes with one comes from elsewhere.
_OF_PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED",
    "HTTP_X_ORIGINAL_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ENVOY",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_FLY_CLIENT_IP",
)


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies in front: how many, or at which addresses; neither where there are none."""

    hops: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Proxies:
        """Read a number of proxies, or their addresses between commas. Raise ValueError."""
        if text.isascii() and text.isdigit():
            if not 0 <= int(text[:4]) <= MOST_HOPS:
                raise ValueError(text)
            return cls(hops=int(text))
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return cls(networks=tuple(ip_network(part) for part in parts))

    def trusts(self, peer: str) -> bool:
        """Tell whether *peer* is a proxy that says whom it speaks for."""
        return bool(self.hops) or self._holds(peer)

    def client(self, peer: str, forwarded: str) -> str:
        """Return who asks, by the *peer* and X-Forwarded-For as it was *forwarded*."""
        nearest = peer
        heard = [entry.strip() for entry in forwarded.rsplit(",", MOST_HOPS)] if forwarded else []
        hops = self.hops
        while heard:
            if self.networks and not self._holds(nearest):
                return nearest
            if not self.networks and not hops:
                return nearest
            hops -= 1
            entry = _bare(heard.pop())
            if not entry:
                return nearest  # «unknown», or nonsense: the last proxy is all that is known
            nearest = entry
        return nearest

    def __bool__(self) -> bool:
        return bool(self.hops or self.networks)

    def __str__(self) -> str:
        return ",".join(map(str, self.networks)) if self.networks else str(self.hops)

    def _holds(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self.networks)


NO_PROXIES = Proxies()


def is_loopback(text: str) -> bool:
    """Tell whether *text* is an address of this machine to itself; a name is none."""
    address = _address(text)
    return address is not None and address.is_loopback


def is_this_machine(host: str) -> bool:
    """Tell whether *host*, as of an address to listen on or a Host header, is this machine."""
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost") or is_loopback(name.strip("[]"))


def is_at_this_machine(environ: Mapping[str, object]) -> bool:
    """Tell whether whoever made the request sits at this machine, and no web page made it do so.

    A reverse proxy on the same machine is a loopback peer as well, and so is the browser of a
    person who looks at a page of a stranger: what such requests carry is looked for.
    """
    host = str(environ.get("HTTP_HOST", ""))
    origin = environ.get("HTTP_ORIGIN")
    return (
        is_loopback(str(environ.get("REMOTE_ADDR", "")))
        and not any(name.startswith(_OF_PROXIES) for name in environ)
        # nginx speaks 1.0 to what is behind it, and may add no header.
        and environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
        # A stranger's name that was pointed at 127.0.0.1 (DNS rebinding).
        and is_this_machine(_host_of(host))
        and (origin is None or origin == f"http://{host}")
        and environ.get("HTTP_SEC_FETCH_SITE", "none") in ("none", "same-origin")
    )


@lru_cache(4096)
def partition(client: str) -> str:
    """Return what is counted as one client: an address, of IPv6 the network of a household."""
    address = _address(client)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address) >> (128 - _PREFIX) << (128 - _PREFIX), _PREFIX)))
    return str(address or "unknown")


@lru_cache(4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])  # a zone is of no concern
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _bare(entry: str) -> str:
    """Return the address of *entry* without a port; nothing when it is none."""
    entry = entry.strip('"')
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    return entry if _address(entry) else ""


def _host_of(header: str) -> str:
    """Return the Host *header* without its port."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]
