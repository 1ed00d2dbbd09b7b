"""Where in a text a query's terms stand: candidates first, then the chain's word on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.italian import Token, analyse_chunk
from indexer.italian.chunks import cut, prepare
from service.snippets.candidates import Readable
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
    if not sought:
        return []
    prepared = prepare(text)
    readable = Readable(prepared)
    found: set[Match] = set()
    for start, end in readable.chunks(sought.beginnings).items():
        # Cut by bytes; with foreign letters in it the chunk may not be all of one piece.
        if start not in readable.foreign:
            for first, last, term, exact in sought.in_chunk(prepared[start:end]):
                found.add(Match(start + first, start + last, term, exact))
    for start, end in readable.foreign.items():
        for offset, chunk in cut(prepared[start:end]):
            for first, last, term, exact in sought.in_chunk(chunk):
                found.add(Match(start + offset + first, start + offset + last, term, exact))
    if sought.phrases:
        longest = max(len(phrase) for phrase, _ in sought.phrases)
        places = readable.chunks(sought.anchors) | readable.foreign
        for start, end in readable.around(places, longest - 1):
            found.update(phrases_among(_tokens(prepared, start, end), sought))
    return sorted(found)


def _tokens(prepared: str, start: int, end: int) -> Iterator[Token]:
    position = -1
    for offset, chunk in cut(prepared[start:end]):
        offset += start
        for form, stem, first, last, step, capital in analyse_chunk(chunk):
            position += step
            yield Token(form, stem, offset + first, offset + last, position, capital)


def phrases_among(tokens: Iterable[Token], sought: Sought) -> Iterator[Match]:
    """Yield the matches of phrases among *tokens*, which follow one another in the text."""
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
