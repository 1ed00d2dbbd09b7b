"""What the parser hands over, and what it refuses for being too much."""

from __future__ import annotations

import msgspec

from indexer.engines.contract import Clause, Fuzzy, Phrase, Prefix, Textual
from service.limits import Limits
from service.query.clauses import leaves

Marks = tuple[Textual, ...]
"""What snippets mark: the clauses over words that an article may hold, none that it may not."""


class QueryError(Exception):
    """What is asked goes beyond a limit, or a parameter cannot be read; the reader can mend it.

    The message is English, for programs; ``italian`` says the same to a reader of the page.
    ``code`` names the case («query-too-long») and does not change.
    """

    status = 400

    def __init__(self, message: str, *, code: str, italian: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.italian = message if italian is None else italian


class Parsed(msgspec.Struct, frozen=True):
    """A query understood; ``warnings`` are Italian sentences on what was ignored or corrected."""

    clause: Clause
    marks: Marks = ()
    warnings: tuple[str, ...] = ()


def check_length(text: str, most: int) -> None:
    """Raise QueryError where *text* is too long to be a search."""
    if len(text) > most:
        raise QueryError(
            f"q has {len(text)} characters, {most} are allowed: search for fewer words.",
            code="query-too-long",
            italian=f"La ricerca ha {len(text)} caratteri, al massimo {most}: cerca meno parole.",
        )


def check_depth(depth: int, most: int) -> None:
    """Raise QueryError where parentheses are nested too deeply."""
    if depth > most:
        raise QueryError(
            f"q nests {depth} parentheses, {most} are allowed: leave out some.",
            code="query-too-deep",
            italian=f"Parentesi annidate a {depth} livelli, al massimo {most}: toglierne qualcuna.",
        )


def check_size(clause: Clause, limits: Limits) -> None:
    """Raise QueryError where *clause* asks for too many words or patterns."""
    asked = [leaf for leaf, _ in leaves(clause)]
    words = sum(len(leaf.words) if isinstance(leaf, Phrase) else 1 for leaf in asked)
    if words > limits.query_words:
        raise QueryError(
            f"q asks for {words} words, {limits.query_words} are allowed: search for fewer.",
            code="query-too-many-words",
            italian=f"La ricerca ha {words} parole, al massimo {limits.query_words}: cercane meno.",
        )
    patterns = sum(isinstance(leaf, Prefix | Fuzzy) for leaf in asked)
    most = limits.query_patterns
    if patterns > most:
        raise QueryError(
            f"q holds {patterns} words with * or ~, {most} are allowed: leave out some.",
            code="query-too-many-patterns",
            italian=f"La ricerca ha {patterns} parole con * o ~, al massimo {most}:"
            " toglierne qualcuna.",
        )
