"""The words around a match, marked and escaped: what a reader sees of an article.

    sought      the clauses a query wants     →  terms to look for in a title, in a text
    candidates  the texts of a page           →  the few chunks where these may stand
    finding     each of these                 →  matches, by the chain that indexed it
    sentences   where a reader can begin      →  places
    windows     which stretches tell most     →  windows
    marked      a stretch and its matches     →  text, offsets, HTML

Everything works on the stored text, so that snippets never depend on an engine, and a match is
found wherever in the text it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indexer.articles import Article
from indexer.engines.contract import Scope, Textual
from service.snippets.finding import Match, find, find_all
from service.snippets.marked import Marked, Snippet, marked
from service.snippets.sought import seek
from service.snippets.windows import Window, beginning, choose

__all__ = ["Marked", "Shown", "Snippet", "mark", "show", "snippets"]


class Shown(NamedTuple):
    """What a page shows of one article; ``exact`` are the terms written there as they were asked.

    Terms are numbers of marks; of marks with one stem it is the first.
    """

    title: Marked
    snippets: tuple[Snippet, ...]
    exact: frozenset[int]


def show(
    articles: Sequence[Article], marks: tuple[Textual, ...], *, count: int = 1, length: int = 200
) -> list[Shown]:
    """Return what a page shows of *articles*: titles as by ``mark``, snippets as by ``snippets``.

    Looked through together they cost a third of what they cost one by one.
    """
    of_texts = seek(marks, Scope.TEXT)
    alike = all(mark.scope is Scope.ARTICLE for mark in marks)
    titles = [article.title for article in articles]
    texts = [article.text for article in articles] if count else []
    as_text = find_all([*titles, *texts], of_texts)
    as_title = as_text if alike else find_all(titles, seek(marks, Scope.TITLE))
    shown = []
    for number, article in enumerate(articles):
        in_title = (as_text if article.title_derived else as_title)[number]
        found = as_text[len(titles) + number] if count else []
        shown.append(
            Shown(
                _whole(article.title, in_title),
                _cut(article.text, found, count, length) if count else (),
                frozenset(term for _, _, term, exact in (*in_title, *found) if exact),
            )
        )
    return shown


def mark(text: str, marks: tuple[Textual, ...], scope: Scope = Scope.TITLE) -> Marked:
    """Return the whole of *text* with what *marks* ask for in *scope*.

    A title that is only the beginning of the text is marked in the scope TEXT.
    """
    return _whole(text, find(text, seek(marks, scope)))


def snippets(
    text: str, marks: tuple[Textual, ...], *, count: int = 1, length: int = 200
) -> tuple[Snippet, ...]:
    """Return at most *count* stretches of *text* of about *length* characters, the best first.

    They do not overlap. Where nothing matches, the only one is the beginning, unmarked; a blank
    text has none. «…» stands where a sentence is cut.
    """
    return _cut(text, find(text, seek(marks, Scope.TEXT)), count, length) if count else ()


def _whole(text: str, matches: Sequence[Match]) -> Marked:
    return marked(text, Window(0, len(text)), matches)


def _cut(text: str, matches: Sequence[Match], count: int, length: int) -> tuple[Snippet, ...]:
    windows = choose(text, matches, count, length) if matches else beginning(text, length)
    return tuple(marked(text, window, matches) for window in windows)
