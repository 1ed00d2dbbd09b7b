"""The words around a match, marked and escaped: what a reader sees of an article.

    sought      the clauses a query wants     →  terms to look for in a title, in a text
    finding     an article's text             →  matches, by the chain that indexed it
    sentences   where a reader can begin      →  places
    windows     which stretches tell most     →  windows
    marked      a stretch and its matches     →  text, offsets, HTML

Everything works on the stored text, so that snippets never depend on an engine, and a match is
found wherever in the text it stands.
"""

from __future__ import annotations

from indexer.engines.contract import Scope, Textual
from service.snippets.finding import find
from service.snippets.marked import Marked, Snippet, marked
from service.snippets.sought import seek
from service.snippets.windows import Window, beginning, choose

__all__ = ["Marked", "Snippet", "mark", "snippets"]


def mark(text: str, marks: tuple[Textual, ...], scope: Scope = Scope.TITLE) -> Marked:
    """Return the whole of *text* with what *marks* ask for in *scope*.

    A title that is only the beginning of the text is marked in the scope TEXT.
    """
    return marked(text, Window(0, len(text)), find(text, seek(marks, scope)))


def snippets(
    text: str, marks: tuple[Textual, ...], *, count: int = 1, length: int = 200
) -> tuple[Snippet, ...]:
    """Return at most *count* stretches of *text* of about *length* characters, the best first.

    They do not overlap. Where nothing matches, the only one is the beginning, unmarked; a blank
    text has none. «…» stands where a sentence is cut.
    """
    matches = find(text, seek(marks, Scope.TEXT))
    windows = choose(text, matches, count, length) if matches else beginning(text, length)
    return tuple(marked(text, window, matches) for window in windows)
