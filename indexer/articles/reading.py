"""From files and folders to articles.

    files      .txt .md .html .jsonl .ndjson, each also .gz; folders to the bottom, in name order
    decoding   UTF-8, else what makes Italian of the bytes
    cleaning   texts and pages; JSON lines are taken as given
    ids        one article for one id: the first read

What cannot be read is reported with its place, and the rest goes on.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO

from msgspec import structs

from indexer.articles.article import Article, ArticleError
from indexer.articles.cleaning import Cleaned, clean
from indexer.articles.encoding import decode
from indexer.articles.files import ArticleFile, Kind, find_files, reason
from indexer.articles.frontmatter import part_front_matter
from indexer.articles.jsonlines import read_lines
from indexer.articles.keys import article_from
from indexer.articles.seen import Seen
from indexer.articles.webpage import decode_page, is_page, read_page

MAX_FILE = 16 * 2**20
"""Bytes, unpacked; a longer text or page is not one article."""


def read_articles(
    paths: Iterable[Path | str],
    on_error: Callable[[ArticleError], None],
    on_bytes: Callable[[int], None] = lambda count: None,
) -> Iterator[Article]:
    """Yield the articles in *paths*, one by one.

    *on_bytes* hears how many more bytes of the files, packed as they lie there, are done with.
    """
    seen, files = Seen(), list[Path]()
    for file in find_files(map(Path, paths), on_error):
        files.append(file.path)
        for place, article in _read(file, on_error, on_bytes):
            first = seen.add(article.id, len(files) - 1)
            if first is None:
                yield article
            else:
                before = f"the id {article.id!r} was read before, in {files[first]}"
                on_error(ArticleError(place, f"{before}; only the first of two is taken"))


def _read(
    file: ArticleFile, on_error: Callable[[ArticleError], None], on_bytes: Callable[[int], None]
) -> Iterator[tuple[str, Article]]:
    place, done = str(file.path), 0
    try:
        with file.open() as (stream, packed):
            at = packed.tell if packed.seekable() else lambda: 0  # a pipe has no length
            for found in _articles(file, stream, on_error):
                yield found
                on_bytes(at() - done)
                done = at()
            on_bytes(at() - done)
    except (EOFError, zlib.error):
        on_error(ArticleError(place, "the gzip file is damaged or cut short"))
    except (OSError, ValueError) as error:
        on_error(ArticleError(place, reason(error)))


def _articles(
    file: ArticleFile, stream: BinaryIO, on_error: Callable[[ArticleError], None]
) -> Iterator[tuple[str, Article]]:
    place = str(file.path)
    if file.kind is Kind.LINES:
        yield from read_lines(stream, place, on_error)
        return
    payload = stream.read(MAX_FILE + 1)
    if len(payload) > MAX_FILE:
        raise ValueError(
            f"longer than {MAX_FILE // 2**20} MiB: split it, or write it as JSON lines"
        )
    if not payload.strip():
        raise ValueError("the file is empty")
    text = decode_page(payload) if file.kind is Kind.PAGE else decode(payload)
    read = _page if file.kind is Kind.PAGE or is_page(text) else _text
    yield place, read(text, file.article_id())


def _text(text: str, article_id: str) -> Article:
    keys, story = part_front_matter(text)
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
