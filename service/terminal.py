"""Results for a terminal: ranked, the words found in bold where there is a screen to show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from service.search import Result, Results

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def lines(results: Results, *, colour: bool) -> Iterator[str]:
    """Yield what to print, line by line."""
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    yield from results.warnings
    if results.suggestion:
        yield f"Forse cercavi: {_harmless(results.suggestion)}"
    articles = "article" if results.total == 1 else "articles"
    yield f"{dim}{results.total} {articles}, {results.took_ms} ms{plain}"
    for rank, result in enumerate(results.results, results.offset + 1):
        yield ""
        yield f"{rank}. {_marked(result.title_html, bold, plain)}"
        yield f"   {dim}{_origin(result)}{plain}"
        for snippet in result.snippets:
            yield f"   {_marked(snippet.html, bold, plain)}"


def _origin(result: Result) -> str:
    parts = (result.date, result.source, result.author, result.section, result.url, result.id)
    return _harmless(" · ".join(part for part in parts if part))


def _marked(html: str, bold: str, plain: str) -> str:
    # Text and the one element <mark>, never nested: every second piece stands inside it.
    pieces = re.split("</?mark>", html)
    return "".join(
        f"{bold}{_harmless(unescape(piece))}{plain}" if inside % 2 else _harmless(unescape(piece))
        for inside, piece in enumerate(pieces)
    )


def _harmless(text: str) -> str:
    # An article may hold escape sequences; a terminal would obey them.
    return "".join(letter if letter.isprintable() else " " for letter in text)
