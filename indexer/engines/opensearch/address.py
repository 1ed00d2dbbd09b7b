"""From the URL of an index to where its cluster is, and how to speak with it.

    opensearch://USER@HOST:9200,HOST:9200/NAME?password_file=/run/secrets/opensearch&ca=/etc/ca.pem

TLS is spoken unless `tls=no` says otherwise. No password and no key stands in the URL: URLs are
printed, logged and seen in lists of processes (credentials.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.engines.contract import EngineError

PORT = 9200
SHAPE = "opensearch://USER@HOST:9200/NAME"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Address:
    """One index of one cluster, and what its operator chose."""

    hosts: tuple[str, ...]  # with their ports
    name: str
    user: str = ""
    password_file: str = ""
    key_file: str = ""
    ca: str = ""
    tls: bool = True
    shards: int = 3
    replicas: int | None = None  # None: one wherever there is a second node
    timeout: float = 30.0  # seconds that an answer may take
    partial: bool = False  # whether to answer from the shards that are there

    url: str = field(default="", compare=False)  # as it was given

    def __str__(self) -> str:
        return self.url or f"opensearch://{','.join(self.hosts)}/{self.name}"


def parse(url: str) -> Address:
    """Return the address that *url* names. Raise EngineError, which says how to write one."""
    parts = urlsplit(url)
    user, _, hosts = parts.netloc.rpartition("@")
    if ":" in user:
        raise EngineError(
            "The URL of the index holds a password, which everybody sees who sees the URL: put it "
            "into a file and write password_file=/path/to/it behind a question mark, or into the "
            "environment as RITAGLIO_INDEX_PASSWORD."
        )
    name = parts.path.removeprefix("/")
    if not hosts or not _NAME.fullmatch(name):
        raise EngineError(
            f"{_shown(url)!r} names no index of a cluster: write {SHAPE}, the name in small "
            "letters, digits, hyphens and underscores."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - _OPTIONS.keys():
        raise EngineError(
            f"{min(unknown)!r} is nothing that the URL of an index may say: there are "
            f"{', '.join(_OPTIONS)}."
        )
    address = Address(
        tuple(_host(each, url) for each in hosts.split(",")),
        name,
        unquote(user),
        url=url,
        **{option: _OPTIONS[option](option, given) for option, given in options.items()},  # type: ignore[arg-type]
    )
    if address.key_file and (address.user or address.password_file):
        raise EngineError(
            f"{address} names a key and a user or password: write one of the two, {SHAPE} with a "
            "password, or opensearch://HOST:9200/NAME?key_file=/path/to/it."
        )
    return address


def _host(host: str, url: str) -> str:
    name, colon, port = host.rpartition(":")
    if not colon:
        name, port = host, str(PORT)
    if not name or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise EngineError(f"{host!r} in {_shown(url)!r} is no host: write NAME or NAME:{PORT}.")
    return f"{name}:{port}"


def _shown(url: str) -> str:
    """Return *url* without what may be a secret in it, as long as nobody knows what it says."""
    before, _, _ = url.partition("?")
    scheme, slashes, rest = before.partition("//")
    return scheme + slashes + rest.rpartition("@")[2]


def _number(least: int) -> Callable[[str, str], int]:
    def read(option: str, given: str) -> int:
        if not (given.isdecimal() and least <= int(given) <= 1_000):
            raise EngineError(f"{option}={given} in the URL of the index: write {least} or more.")
        return int(given)

    return read


def _yes_or_no(option: str, given: str) -> bool:
    if given not in ("yes", "no"):
        raise EngineError(f"{option}={given} in the URL of the index: write yes or no.")
    return given == "yes"


def _text(_option: str, given: str) -> str:
    return given


_OPTIONS: dict[str, Callable[[str, str], object]] = {
    "password_file": _text,
    "key_file": _text,
    "ca": _text,
    "tls": _yes_or_no,
    "shards": _number(1),
    "replicas": _number(0),
    "timeout": _number(1),
    "partial": _yes_or_no,
}
