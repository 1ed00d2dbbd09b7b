"""Articles as kept: what an article is as bytes.

A line of JSON holds all but the text, with the time the index took the article in; behind it
stands the text in plain UTF-8, so that the page of a search parses little and copies the text
once. ``raw`` is kept apart: a search never reads it.
"""

from __future__ import annotations

import json
from typing import Any

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


def decode(kept: bytes, raw: str | None = None) -> StoredArticle:
    """Return what ``encode`` was given."""
    line, _, text = kept.decode("utf-8", "surrogatepass").partition("\n")
    head = json.loads(line)
    indexed_at = head.pop("indexed_at")
    head["tags"] = tuple(head.get("tags", ()))
    return StoredArticle(Article(**head, text=text, raw=raw), indexed_at)
