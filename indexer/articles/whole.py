"""A file that is one article, a text or a page: decoded, parted from what surrounds it, cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from msgspec import structs

from indexer.articles.article import Article
from indexer.articles.cleaning import Cleaned, clean
from indexer.articles.encoding import decode
from indexer.articles.files import ArticleFile, Kind
from indexer.articles.frontmatter import part_front_matter
from indexer.articles.keys import article_from
from indexer.articles.webpage import decode_page, is_page, read_page

MAX_FILE = 16 * 2**20
"""Bytes, unpacked; a longer text or page is not one article."""


def read_whole(file: ArticleFile) -> Article:
    """Return the article that *file* is.

    Raises OSError, or ValueError with what to mend.
    """
    with file.open() as (stream, _):
        payload = stream.read(MAX_FILE + 1)
    if len(payload) > MAX_FILE:
        raise ValueError(
            f"longer than {MAX_FILE // 2**20} MiB: split it, or write it as JSON lines"
        )
    if not payload.strip():
        raise ValueError("the file is empty")
    text = decode_page(payload) if file.kind is Kind.PAGE else decode(payload)
    read = _page if file.kind is Kind.PAGE or is_page(text) else _text
    return read(text, file.article_id())


def _text(text: str, article_id: str) -> Article:
    keys, story = part_front_matter(text)
    if keys.get("id") == "":  # a template that nobody filled in
        del keys["id"]
    title = keys.get("title")
    cleaned = clean(story, title if isinstance(title, str) else "")
    return _article({"id": article_id, **_said(cleaned), **keys}, cleaned, raw=text)


def _page(text: str, article_id: str) -> Article:
    page = read_page(text)
    cleaned = clean(page.story, page.title)
    imprint = page.imprint | cleaned.imprint
    given = {"id": article_id, "url": page.url, **_said(replace(cleaned, imprint=imprint))}
    return _article(given, cleaned, raw=page.story)


def _said(cleaned: Cleaned) -> dict[str, object]:
    return {"title": "" if cleaned.title_derived else cleaned.title, **asdict(cleaned.imprint)}


def _article(given: Mapping[str, object], cleaned: Cleaned, raw: str) -> Article:
    article = article_from({**given, "text": cleaned.text})
    return article if raw.strip() == article.text else structs.replace(article, raw=raw)
