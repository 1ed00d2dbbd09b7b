"""What is answered; the API sends exactly these fields."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from service.search.explanation import Explanation
from service.snippets import Snippet


class Count(msgspec.Struct, frozen=True):
    """How many of the articles found have *value*."""

    value: str
    count: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One article found. ``title_html`` is escaped, ``<mark>`` the only element in it.

    ``explanation`` is there where it was asked for.
    """

    id: str
    title: str
    title_html: str
    date: str | None
    source: str | None
    author: str | None
    section: str | None
    tags: tuple[str, ...]
    url: str | None
    score: float
    explanation: Explanation | None
    snippets: tuple[Snippet, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """One page of results.

    ``total`` and ``facets`` count every article found, not this page. ``next`` is the path and
    query of the following page.
    """

    query: str
    total: int
    offset: int
    limit: int
    took_ms: float
    warnings: tuple[str, ...]
    suggestion: str | None
    next: str | None
    facets: Mapping[str, tuple[Count, ...]]
    results: tuple[Result, ...]
