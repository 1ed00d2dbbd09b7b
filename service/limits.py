"""How much of everything is taken; what goes beyond is refused, with a sentence that names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may ask or bring: wired in once, and handed down."""

    query_length: int = 2_000
    """Characters of a query."""
    query_words: int = 256
    """Words in all its clauses together, those of phrases counted singly."""
    query_depth: int = 20
    """Parentheses within parentheses."""
    query_patterns: int = 10
    """Words with * or ~: each stands for many of the index."""
    query_forms: int = 1_000
    """Words of the index that one parola~ may stand for."""
    offset: int = 1_000_000_000
    """Results passed over: beyond any archive."""
    search_body: int = 65_536
    """Bytes of a search that comes as a body."""
    article_size: int = 16
    """MiB of an article, as a body or a line; files hold no larger ones."""
    body_size: int = 4_096
    """MiB of a body of many articles, unpacked."""
    head_size: int = 65_536
    """Bytes of a request before its body."""

    @property
    def article_bytes(self) -> int:
        """The most bytes of an article."""
        return self.article_size * 2**20

    @property
    def body_bytes(self) -> int:
        """The most bytes of a body."""
        return self.body_size * 2**20


DEFAULTS = Limits()

RANGES = {
    "query_length": (10, 100_000),
    "query_words": (1, 10_000),
    "query_depth": (0, 50),  # clauses within clauses are recursions
    "query_patterns": (0, 1_000),
    "query_forms": (1, 1_000_000),
    "offset": (0, DEFAULTS.offset),
    "search_body": (1_024, 1_048_576),
    "article_size": (1, DEFAULTS.article_size),  # larger ones could be exported, and not added
    "body_size": (1, 1_000_000),
    "head_size": (1_024, 262_144),
}
"""Each of them → from where to where it may be set."""
