"""Where in a text a query's terms stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.engines.expansion import within
from indexer.italian import Token, analyse
from service.snippets.sought import Sought, folded


class Match(NamedTuple):
    """A term at a place: ``text[start:end]`` is the word or the phrase, whole.

    ``exact`` tells that the word stands there as it was typed, accents and capitals aside.
    """

    start: int
    end: int
    term: int
    exact: bool


def find(text: str, sought: Sought) -> list[Match]:
    """Return every match of *sought* in *text*, in reading order."""
    return in_tokens(analyse(text), sought) if sought else []


def in_tokens(tokens: Iterable[Token], sought: Sought) -> list[Match]:
    """Return the matches among *tokens*, which follow one another in the text."""
    tokens = list(tokens)
    found = [match for token in tokens if (match := _word(token, sought))]
    if sought.phrases:
        found += _phrases(tokens, sought)
    return sorted(set(found))


def _word(token: Token, sought: Sought) -> Match | None:
    form = folded(token.form)
    term = sought.forms.get(form)
    if term is not None:
        return Match(token.start, token.end, term, True)
    if token.stem is not None:
        term = sought.stems.get(token.stem)
    if term is None:
        term = _alike(form, sought)
    return None if term is None else Match(token.start, token.end, term, False)


def _alike(form: str, sought: Sought) -> int | None:
    for beginning, term in sought.prefixes:
        if form.startswith(beginning):
            return term
    for wanted, edits, term in sought.fuzzy:
        if form[:1] == wanted[:1] and within(wanted, form, edits):
            return term
    return None


def _phrases(tokens: list[Token], sought: Sought) -> Iterator[Match]:
    there = {(folded(token.form), token.position): token for token in tokens}
    for (form, position), first in there.items():
        for phrase, term in sought.phrases:
            if form != phrase[0]:
                continue
            last = first
            for step, following in enumerate(phrase[1:], 1):
                token = there.get((following, position + step))
                if token is None:
                    break
                last = token
            else:
                yield Match(first.start, last.end, term, True)
