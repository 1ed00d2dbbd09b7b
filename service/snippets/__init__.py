"""The words around a match, marked and escaped: what a reader sees of an article.

    sought      the clauses a query wants     →  terms to look for in a title, in a text
    candidates  the texts of a page           →  the few chunks where these may stand
    finding     each of these                 →  matches, by the chain that indexed it
    sentences   where a reader can begin      →  places
    windows     which stretches tell most     →  windows
    marked      a stretch and its matches     →  text, offsets, HTML
    native      texts and terms of a page     →  candidates, and all that is shown, by kernels in C

Everything works on the stored text, so that snippets never depend on an engine, and a match is
found wherever in the text it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.articles import Article
from indexer.batches import by_size
from indexer.engines.contract import Scope, Textual
from service.snippets.cutting import cut_all
from service.snippets.finding import find_all, places_of
from service.snippets.joined import Joined
from service.snippets.marked import Cut, Marked, Snippet
from service.snippets.sought import seek

__all__ = ["Marked", "Shown", "Snippet", "mark", "show", "snippets"]

_TOGETHER = 200_000  # characters that are looked through at once; an article has some thousand
_NOTHING: Cut = ((), frozenset())


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
    shown: list[Shown] = []
    for some in by_size(articles, lambda article: len(article.text), _TOGETHER):
        shown += _shown(some, marks, count, length)
    return shown


def _shown(
    articles: Sequence[Article], marks: tuple[Textual, ...], count: int, length: int
) -> Iterator[Shown]:
    titles = [article.title for article in articles]
    texts = [article.text for article in articles] if count else []
    pieces = Joined([*titles, *texts])
    places = find_all(pieces, seek(marks, Scope.TEXT))
    if any(mark.scope is not Scope.ARTICLE for mark in marks):
        found = places.matches(len(pieces))
        as_titles = find_all(Joined(titles), seek(marks, Scope.TITLE)).matches(len(titles))
        for number, article in enumerate(articles):
            if not article.title_derived:
                found[number] = as_titles[number]
        places = places_of(found)
    wanted = [0] * len(titles) + [count] * len(texts)
    cuts = cut_all(pieces, places, wanted, length, len(marks))
    of_texts = cuts[len(titles) :] or [_NOTHING] * len(titles)
    for ((title,), in_title), (stretches, in_text) in zip(cuts, of_texts, strict=False):
        yield Shown(title, stretches, in_title | in_text)


def mark(text: str, marks: tuple[Textual, ...], scope: Scope = Scope.TITLE) -> Marked:
    """Return the whole of *text* with what *marks* ask for in *scope*.

    A title that is only the beginning of the text is marked in the scope TEXT.
    """
    [whole] = _cut(text, marks, scope, 0, 0)
    return whole


def snippets(
    text: str, marks: tuple[Textual, ...], *, count: int = 1, length: int = 200
) -> tuple[Snippet, ...]:
    """Return at most *count* stretches of *text* of about *length* characters, the best first.

    They do not overlap. Where nothing matches, the only one is the beginning, unmarked; a blank
    text has none. «…» stands where a sentence is cut.
    """
    return _cut(text, marks, Scope.TEXT, count, length) if count else ()


def _cut(
    text: str, marks: tuple[Textual, ...], scope: Scope, count: int, length: int
) -> tuple[Marked, ...]:
    joined = Joined([text])
    places = find_all(joined, seek(marks, scope))
    return cut_all(joined, places, [count], length, len(marks))[0][0]
