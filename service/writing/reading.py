"""From the bytes of a body to lines and articles, by the rules that JSON lines in files follow.

Stricter in three things, since the one who wrote it is there to be told: a body is UTF-8, says no
key twice, and an article that is named in the address has no other name inside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from indexer.articles import Article, check_id
from indexer.articles.jsonlines import no_json, read_keys
from indexer.articles.keys import article_from

_CHUNK = 1 << 18  # bytes


class InvalidBody(Exception):
    """A body that cannot be read: *code* tells programs why, the message what to mend."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BodyTooLong(InvalidBody):
    """A body, or what it unpacks to, that is longer than anything we take."""


class BodyTooSlow(InvalidBody):
    """A body that does not come."""


class InvalidArticle(InvalidBody):
    """What was sent is no article."""


def read_article(body: bytes, article_id: str | None = None) -> Article:
    """Return the article in *body*, called *article_id* where that is given.

    Raise InvalidArticle.
    """
    keys = _keys(body)
    try:
        if article_id is not None:
            _name(keys, article_id)
        return article_from(keys)
    except ValueError as error:
        raise InvalidArticle(code="invalid-article", message=_sentence(str(error))) from None


def read_lines(read: Callable[[int], bytes], longest: int) -> Iterator[bytes | None]:
    """Yield the lines of what *read* brings, without their ends; None for one that is too long."""
    begun: list[bytes] = []
    size = 0
    while chunk := read(_CHUNK):
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            yield None if size + len(part) > longest else b"".join((*begun, part))
            begun, size = [], 0
        size += len(rest)
        begun = [*begun, rest] if size <= longest else []
    if size:
        yield None if size > longest else b"".join(begun)


def bounded(read: Callable[[int], bytes], most: int) -> Callable[[int], bytes]:
    """Return what reads as *read* does, up to *most* bytes; then it raises BodyTooLong."""
    size = 0

    def counted(wanted: int) -> bytes:
        nonlocal size
        part = read(wanted)
        size += len(part)
        if size > most:
            raise BodyTooLong(
                code="body-too-long",
                message=f"A body has {most} bytes at most, unpacked: send the rest in another one.",
            )
        return part

    return counted


def _keys(body: bytes) -> dict[str, object]:
    try:
        return read_keys(body.decode("utf-8-sig"), once=True)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start + 1}"
    except json.JSONDecodeError as error:
        reason = no_json(error)
    except ValueError as error:
        reason = str(error)
    raise InvalidArticle(code="invalid-json", message=_sentence(reason))


def _name(keys: dict[str, object], article_id: str) -> None:
    if "\ufffd" in article_id:
        raise ValueError("the address is not UTF-8 where it names the article")
    check_id(article_id)
    given = keys.get("id")
    if isinstance(given, bool | list | dict) or (given is not None and str(given) != article_id):
        raise ValueError("the id inside is not the one in the address: leave it out")
    keys["id"] = article_id


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
