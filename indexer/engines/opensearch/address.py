"""From the URL of an index to where its cluster is, and how to speak with it.

    opensearch://USER@HOST:9200,HOST:9200/NAME?password_file=/run/secrets/opensearch&ca=/etc/ca.pem

TLS is spoken unless `tls=no` says otherwise. No password stands in the URL: URLs are printed,
logged and seen in lists of processes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.engines.contract import EngineError

PORT = 9200
_SHAPE = "opensearch://USER@HOST:9200/NAME"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Address:
    """One index of one cluster, and what its operator chose."""

    hosts: tuple[str, ...]  # with their ports
    name: str
    user: str = ""
    password_file: str = ""
    ca: str = ""
    tls: bool = True
    shards: int = 3
    replicas: int | None = None  # None: one wherever there is a second node
    timeout: float = 30.0  # seconds that an answer may take
    partial: bool = False  # whether to answer from the shards that are there

    url: str = field(default="", compare=False)  # as it was given

    def __str__(self) -> str:
        return self.url or f"opensearch://{','.join(self.hosts)}/{self.name}"

    def password(self) -> str:
        """Return what the file of the password holds."""
        try:
            return Path(self.password_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(
                f"Cannot read the password in {self.password_file} ({error}): name a file of one "
                "line that this user may read, as password_file= in the URL of the index."
            ) from error


def parse(url: str) -> Address:
    """Return the address that *url* names. Raise EngineError, which says how to write one."""
    parts = urlsplit(url)
    user, _, hosts = parts.netloc.rpartition("@")
    if ":" in user:
        raise EngineError(
            "The URL of the index holds a password, which everybody sees who sees the URL: put it "
            "into a file and write password_file=/path/to/it behind a question mark."
        )
    name = parts.path.removeprefix("/")
    if not hosts or not _NAME.fullmatch(name):
        raise EngineError(
            f"{url!r} names no index of a cluster: write {_SHAPE}, the name in small letters, "
            "digits, hyphens and underscores."
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
    if bool(address.user) != bool(address.password_file):
        raise EngineError(
            f"{url!r} names {'a user' if address.user else 'a password'} alone: write both, as in "
            f"{_SHAPE}?password_file=/path/to/it."
        )
    return address


def _host(host: str, url: str) -> str:
    name, colon, port = host.rpartition(":")
    if not colon:
        name, port = host, str(PORT)
    if not name or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise EngineError(f"{host!r} in {url!r} is no host: write NAME or NAME:{PORT}.")
    return f"{name}:{port}"


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
    "ca": _text,
    "tls": _yes_or_no,
    "shards": _number(1),
    "replicas": _number(0),
    "timeout": _number(1),
    "partial": _yes_or_no,
}
