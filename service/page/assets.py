"""Style sheet, scripts and icon, each at an address that its content makes: kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

FOLDER = "/static"
_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    content_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Return every file by the name that its address ends with: «page.3fa9c1d20b.css»."""
    return {_hashed(name, body): Asset(body, _kind(name)) for name, body in _files().items()}


def asset(name: str) -> str:
    """Return the address of the file *name*."""
    return f"{FOLDER}/{_hashed(name, _files()[name])}"


@cache
def _files() -> Mapping[str, bytes]:
    folder = files("service.page") / "static"
    return {each.name: each.read_bytes() for each in folder.iterdir() if _known(each.name)}


@cache
def _hashed(name: str, body: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{blake2b(body, digest_size=5).hexdigest()}.{ending}"


def _known(name: str) -> bool:
    return name.rpartition(".")[2] in _KINDS


def _kind(name: str) -> str:
    return _KINDS[name.rpartition(".")[2]]
