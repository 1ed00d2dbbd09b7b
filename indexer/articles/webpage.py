"""An HTML page: the story in it and what the page says of itself."""

from __future__ import annotations

import html
import logging
import re
from typing import NamedTuple

from indexer.articles.characters import one_line
from indexer.articles.dates import read_moment
from indexer.articles.encoding import decode
from indexer.articles.imprint import Imprint
from indexer.articles.outlets import is_newsroom, known_outlet

_DECLARED = re.compile(rb"(?i)charset\s*=\s*[\"']?([\w:-]{3,30})")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_MODIFIED = re.compile(
    r"(?:article:modified_time|dateModified)[\"'][^<>{}]{0,40}?[=:]\s*[\"']([^\"'<>]{8,40})[\"']"
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html)\b", re.I | re.S
)
_HEAD = 4096
# What finds the story takes a time that grows with the square of the paragraphs, and of a row of
# blanks, which a browser shows as one.
MOST_TAGS = 50_000
_BLANKS = re.compile(r"[ \t\r\n]{64,}")


class Page(NamedTuple):
    """What a page holds; ``title`` is «» where it says none."""

    title: str
    story: str
    imprint: Imprint
    url: str | None


def is_page(text: str) -> bool:
    """Say whether *text* is a whole HTML page, whatever its file is called."""
    return _PAGE.match(text[:_HEAD]) is not None


def decode_page(payload: bytes) -> str:
    """Return the text of a page, whose own word for its encoding is heard after UTF-8."""
    declared = _DECLARED.search(payload[:_HEAD])
    return decode(payload, declared[1].decode("ascii") if declared else None)


def read_page(page: str) -> Page:
    """Return what *page* holds, without what stands around every page of its site.

    Raises ValueError when there is no story in it.
    """
    import trafilatura  # slow to import, and needed for pages alone
    from trafilatura.settings import Document

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read, we report
    page = _BLANKS.sub("\n", _XML_DECLARATION.sub("", page, count=1))
    if page.count("<") > MOST_TAGS:
        raise ValueError(f"more than {MOST_TAGS} tags: this is no page of one article")
    if "<body" not in page.lower():
        page = f"<html><body><div>{page}</div></body></html>"
    found = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        # Only a date the page declares: one found somewhere in its words is any date.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or not (found.text or "").strip():
        raise ValueError("no article in this page")
    source = one_line(found.sitename or "")
    author = one_line(found.author or "")
    modified = _MODIFIED.search(page)
    moment = read_moment(html.unescape(modified[1])) if modified else None
    keywords = ",".join(found.tags or ()).replace(";", ",").split(",")
    imprint = Imprint(
        date=found.date,
        modified=str(moment) if moment else None,
        author=None if is_newsroom(author) or known_outlet(author) else author or None,
        source=known_outlet(source) or source or known_outlet(author),
        section=next(map(one_line, found.categories or ()), None),
        tags=tuple(dict.fromkeys(filter(None, map(one_line, keywords)))),
    )
    return Page(one_line(found.title or ""), found.text or "", imprint, found.url)
