"""Where in texts a query's terms stand: candidates first, then the chain's word on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from indexer.italian import Token, analyse_chunk
from indexer.italian.chunks import cut
from service.snippets.candidates import Readable
from service.snippets.sought import Sought, Terms, folded, straight

_TOGETHER = 200_000  # characters that are looked through at once; an article has some thousand


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
    return find_all([text], sought)[0]


def find_all(texts: Sequence[str], sought: Sought) -> list[list[Match]]:
    """Return for each of *texts* every match of *sought* in it, in reading order."""
    if not sought:
        return [[] for _ in texts]
    found: list[list[Match]] = []
    some: list[str] = []
    size = 0
    for text in texts:
        if some and size + len(text) > _TOGETHER:
            found += _found(some, sought)
            some, size = [], 0
        some.append(text)
        size += len(text)
    return found + _found(some, sought)


def _found(texts: Sequence[str], sought: Sought) -> list[list[Match]]:
    found: list[list[Match]] = [[] for _ in texts]
    readable = Readable(texts)
    if sought.words:
        terms = Terms(sought)
        for text, offset, chunk in readable.candidates(sought.beginnings):
            for start, end, term, exact in terms[chunk]:
                found[text].append(Match(offset + start, offset + end, term, exact))
    if sought.phrases:
        phrases: list[set[Match]] = [set() for _ in texts]
        longest = max(len(phrase) for phrase, _ in sought.phrases)
        for text, offset, stretch in readable.around(sought.anchors, longest - 1):
            phrases[text].update(phrases_among(_tokens(stretch, offset), sought))
        found = [sorted(own.union(words)) for own, words in zip(phrases, found, strict=True)]
    return found


def _tokens(stretch: str, start: int) -> Iterator[Token]:
    position = -1
    for offset, chunk in cut(straight(stretch)):
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
