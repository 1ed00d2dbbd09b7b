"""Whose a key is. A key is hashed where it is read, so that nothing later can show it."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest

SHORTEST = 24  # characters; what people make up is shorter, what machines make is longer
_KEY = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # what Bearer carries (RFC 6750)
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WRITTEN = "KEY:SCOPE or KEY:SCOPE:NAME, as `python -m service key` prints it"


class KeysError(Exception):
    """Keys that cannot be read; the message tells the operator where, and never shows them."""


class Scope(IntEnum):
    """How much a key opens; each scope holds those before it."""

    ANYONE = 0  # no key at all
    READ = 1
    WRITE = 2
    ADMIN = 3


OF_KEYS = {scope.name.lower(): scope for scope in Scope if scope is not Scope.ANYONE}


@dataclass(frozen=True, slots=True)
class Key:
    """A key, without the key: ``name`` is what logs call it."""

    scope: Scope
    name: str
    digest: bytes = field(repr=False)
    short: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of a service."""

    keys: tuple[Key, ...] = ()

    def find(self, given: str) -> Key | None:
        """Return the key that *given* is; how long that takes tells nothing about any of them."""
        digest = _hashed(given)
        found = None
        for key in self.keys:
            if compare_digest(key.digest, digest):
                found = key
        return found

    @property
    def closes_reading(self) -> bool:
        """Whether reading needs a key: somebody has made one for it."""
        return any(key.scope is Scope.READ for key in self.keys)

    def __str__(self) -> str:
        counts = Counter(key.scope.name.lower() for key in self.keys)
        return ", ".join(f"{counts[name]} {name}" for name in OF_KEYS if counts[name])


NO_KEYS = Keyring()


def shut() -> Keyring:
    """Return keys that nobody has: nothing is open, since nobody knows what would be."""
    return Keyring((Key(Scope.READ, "nobody", secrets.token_bytes(32)),))


def from_entries(entries: Iterable[tuple[str, str]]) -> Keyring:
    """Read pairs of where an entry stands and the entry. Raise KeysError."""
    return joined(_key(where, entry) for where, entry in entries)


def from_list(text: str, name: str) -> Keyring:
    """Read entries between commas; *name* is what holds them. Raise KeysError."""
    entries = [entry.strip() for entry in text.split(",")]
    return from_entries(
        (f"Entry {number} of {name}", entry) for number, entry in enumerate(entries, 1) if entry
    )


def from_lines(text: str, name: str) -> Keyring:
    """Read entries on lines; what begins with # is a comment. Raise KeysError."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return from_entries(
        (f"Line {number} of {name}", line)
        for number, line in lines
        if line and not line.startswith("#")
    )


def joined(keys: Iterable[Key]) -> Keyring:
    """Return all of *keys*, those without a name numbered. Raise KeysError when two are one."""
    ring: list[Key] = []
    for number, key in enumerate(keys, 1):
        if any(key.digest == other.digest for other in ring):
            raise KeysError(f"Key {number} is given twice: leave one of the two out.")
        ring.append(key if key.name else Key(key.scope, f"key-{number}", key.digest, key.short))
    return Keyring(tuple(ring))


def make(scope: str, name: str = "") -> str:
    """Return a new entry: 256 random bits, *scope*, and *name* where there is one."""
    if name and not _NAME.fullmatch(name):
        raise KeysError("A name has up to 64 letters, digits, dots, hyphens and underscores.")
    return ":".join(filter(None, (f"rit_{secrets.token_urlsafe(32)}", scope, name)))


def weaknesses(keyring: Keyring) -> Iterator[str]:
    """Yield a sentence for each key that could be guessed."""
    for key in keyring.keys:
        if key.short:
            yield (
                f"The key {key.name} has fewer than {SHORTEST} characters and can be guessed: "
                "make a better one with `python -m service key`."
            )


def _key(where: str, entry: str) -> Key:
    key, *rest = (part.strip() for part in entry.split(":"))
    if not 1 <= len(rest) <= 2 or not _KEY.fullmatch(key):
        raise KeysError(f"{where} is no key: write {_WRITTEN}.")
    scope, name = rest[0], rest[1] if len(rest) == 2 else ""
    if scope not in OF_KEYS:
        raise KeysError(f"{where} has no scope: it is {', '.join(OF_KEYS)}; write {_WRITTEN}.")
    if name and not _NAME.fullmatch(name):
        raise KeysError(
            f"{where} has no name that logs can show: letters, digits, dots, hyphens and "
            "underscores, 64 at most."
        )
    return Key(OF_KEYS[scope], name, _hashed(key), len(key) < SHORTEST)


def _hashed(key: str) -> bytes:
    # Fast on purpose: a slow hash is for passwords, and 256 random bits cannot be guessed.
    return sha256(key.encode(errors="surrogateescape")).digest()
