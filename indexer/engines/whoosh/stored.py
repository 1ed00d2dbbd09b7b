"""Articles as kept: what an article is as bytes.

A line of JSON holds all but the text, with the time the index took the article in; behind it
stands the text in plain UTF-8, so that the page of a search parses little and copies the text
once. ``raw`` is kept apart: a search never reads it.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from indexer.articles import Article
from indexer.engines.contract import StoredArticle

_FIELDS = ("title", "date", "modified", "source", "author", "section", "url")


def encode(stored: StoredArticle) -> bytes:
    """Return an article without its ``raw``, as bytes."""
    article = stored.article
    head: dict[str, Any] = {"id": article.id, "indexed_at": stored.indexed_at}
    head |= {name: value for name in _FIELDS if (value := getattr(article, name))}
    if article.title_derived:
        head["title_derived"] = True
    if article.tags:
        head["tags"] = article.tags
    if article.extra:
        head["extra"] = dict(article.extra)
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return f"{line}\n{article.text}".encode("utf-8", "surrogatepass")


class _Head(msgspec.Struct):
    """All of an article but the text."""

    id: str
    indexed_at: str
    title: str = ""
    date: str | None = None
    modified: str | None = None
    source: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    title_derived: bool = False
    tags: tuple[str, ...] = ()
    extra: dict[str, Any] = {}


_HEADS = msgspec.json.Decoder(_Head)


def _head(line: bytes) -> _Head:
    try:
        return _HEADS.decode(line)
    except ValueError:  # half a surrogate pair, which a JSON file may hold
        return msgspec.convert(json.loads(line.decode("utf-8", "surrogatepass")), _Head)


def decode(kept: bytes, raw: str | None = None) -> StoredArticle:
    """Return what ``encode`` was given."""
    line, _, text = kept.partition(b"\n")
    head = _head(line)
    article = Article(
        id=head.id,
        title=head.title,
        text=str(text, "utf-8", "surrogatepass"),
        date=head.date,
        modified=head.modified,
        source=head.source,
        author=head.author,
        section=head.section,
        tags=head.tags,
        url=head.url,
        extra=head.extra,
        title_derived=head.title_derived,
        raw=raw,
    )
    return StoredArticle(article, head.indexed_at)
