"""One article → the page it is read on; its marks are numbered, to step from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from indexer.engines.contract import Field
from service.addresses import followed
from service.page.links import HOME, article_address
from service.page.templates import render
from service.search.reading import Reading
from service.snippets import Marked


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``mark`` is its number among the marks of the page, 0 where it is none."""

    text: str
    mark: int = 0


def article_page(reading: Reading, q: str) -> bytes:
    """Return the page of an article in which the words of *q* are marked."""
    article = reading.article
    numbers = count(1)
    title = tuple(_pieces(reading.title, numbers))
    paragraphs = [tuple(_pieces(each, numbers)) for each in reading.paragraphs]
    section = article.section
    return render(
        "article",
        q=q,
        article=article,
        title=title,
        paragraphs=paragraphs,
        marks=next(numbers) - 1,
        similar=reading.similar,
        original=followed(article.url),
        permalink=article_address(article.id),
        back=f"{HOME}?{urlencode({'q': q})}" if q.strip() else HOME,
        section=section and (section, _all_of(Field.SECTION, section)),
        tags=[(tag, _all_of(Field.TAG, tag)) for tag in article.tags],
    )


def _pieces(marked: Marked, numbers: Iterator[int]) -> Iterator[Piece]:
    place = 0
    for start, end in marked.marks:
        if start > place:
            yield Piece(marked.text[place:start])
        yield Piece(marked.text[start:end], next(numbers))
        place = end
    if place < len(marked.text):
        yield Piece(marked.text[place:])


def _all_of(field: Field, value: str) -> str:
    return f"{HOME}?{urlencode({field.value: value})}"
