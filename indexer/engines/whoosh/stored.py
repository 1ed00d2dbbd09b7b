"""Articles as kept: the head and the text of each, as bytes that are stored apart.

The head, a line of JSON, holds all but the text, with the time the index took the article in. So
a list of titles reads no text, and the page of a search parses little and copies each text once.
``raw`` is kept apart too: a search never reads it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from indexer.articles import Article
from indexer.engines.contract import StoredArticle

_FIELDS = ("title", "date", "modified", "source", "author", "section", "url")


class Kept(NamedTuple):
    """An article without its ``raw``, as bytes."""

    head: bytes
    text: bytes

    @classmethod
    def together(cls, entry: bytes) -> Kept:
        """Return the two from where they stand one behind the other, as until format 2."""
        head, _, text = entry.partition(b"\n")
        return cls(head, text)


def encode(stored: StoredArticle) -> Kept:
    """Return what is kept of an article beside its ``raw``."""
    article = stored.article
    head: dict[str, Any] = {"id": article.id, "indexed_at": stored.indexed_at}
    head |= {name: value for name in _FIELDS if (value := getattr(article, name))}
    if article.title_derived:
        head["title_derived"] = True
    if article.tags:
        head["tags"] = article.tags
    if article.extra:
        head["extra"] = dict(article.extra)
    return Kept(_line(head), article.text.encode("utf-8", "surrogatepass"))


def _line(head: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(head)
    except UnicodeEncodeError:  # half a surrogate pair, which a JSON file may hold
        line = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        return line.encode("utf-8", "surrogatepass")


class _Taken(msgspec.Struct):
    """Of a head, what is not the article's own."""

    indexed_at: str


_HEADS = msgspec.json.Decoder(list[Article])
_TIMES = msgspec.json.Decoder(_Taken)


def decode_heads(heads: Sequence[bytes]) -> list[Article]:
    """Return the articles of *heads*, without their texts."""
    lines = b"[" + b",".join(heads) + b"]"
    try:
        return _HEADS.decode(lines)
    except ValueError:  # such a half
        return msgspec.convert(_loose(lines), list[Article])


def add_text(article: Article, text: bytes) -> None:
    """Put its *text* into an article that was decoded just now, and that nobody else knows yet."""
    msgspec.structs.force_setattr(article, "text", str(text, "utf-8", "surrogatepass"))


def decode(kept: Kept, raw: str | None) -> StoredArticle:
    """Return what ``encode`` was given, *raw* beside it."""
    [article] = decode_heads([kept.head])
    add_text(article, kept.text)
    msgspec.structs.force_setattr(article, "raw", raw)
    try:
        taken = _TIMES.decode(kept.head)
    except ValueError:
        taken = msgspec.convert(_loose(kept.head), _Taken)
    return StoredArticle(article, taken.indexed_at)


def _loose(head: bytes) -> Any:
    return json.loads(head.decode("utf-8", "surrogatepass"))
