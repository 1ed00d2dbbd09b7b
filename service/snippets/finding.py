"""Where in texts a query's terms stand: candidates first, then the chain's word on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexer.italian import Token, analyse_chunk
from indexer.italian.chunks import cut
from service.snippets import native
from service.snippets.candidates import Readable
from service.snippets.joined import Joined
from service.snippets.letters import Numbers
from service.snippets.native import reading
from service.snippets.sought import Found, Sought, folded, straight
from service.snippets.surroundings import surroundings


class Match(NamedTuple):
    """A term at a place: ``text[start:end]`` is the word or the phrase, whole.

    ``exact`` tells that the word stands there as it was typed, accents and capitals aside.
    """

    start: int
    end: int
    term: int
    exact: bool


class Places(NamedTuple):
    """Where in some texts terms stand, in reading order: in which text, where, and what is there.

    The latter is a number in ``held``, which tells the terms of stretches, each once.
    """

    texts: Numbers
    offsets: Numbers
    numbers: Numbers
    held: list[tuple[Found, ...]]

    def matches(self, count: int) -> list[list[Match]]:
        """Return the matches in each of *count* texts, in reading order."""
        matches: list[list[Match]] = [[] for _ in range(count)]
        rows = zip(*(each.tolist() for each in self[:3]), strict=True)
        for text, offset, number in rows:
            for start, end, term, exact in self.held[number]:
                matches[text].append(Match(offset + start, offset + end, term, exact))
        return matches


def places_of(matches: Sequence[Sequence[Match]]) -> Places:
    """Return where *matches* stand, which are those of each text."""
    texts = [number for number, own in enumerate(matches) for _ in own]
    held: list[tuple[Found, ...]] = [(match,) for own in matches for match in own]
    return Places(
        np.array(texts, np.int32),
        np.zeros(len(texts), np.int32),
        np.arange(len(texts), dtype=np.int32),
        held,
    )


def find(text: str, sought: Sought) -> list[Match]:
    """Return every match of *sought* in *text*, in reading order."""
    return find_all(Joined([text]), sought).matches(1)[0]


def find_all(texts: Joined, sought: Sought) -> Places:
    """Return where *sought* stands in *texts*."""
    if not sought:
        return places_of([])
    kernels = native.library()
    readable = reading.Readable(kernels, texts) if kernels else Readable(texts)
    if sought.words:
        numbers, offsets, stretches, written = readable.candidates(sought.beginnings)
        places = Places(numbers, offsets, stretches, [*map(sought.terms_in, written)])
        if not sought.phrases:
            return places
        found = [set(own) for own in places.matches(len(texts))]
    else:
        found = [set() for _ in texts.texts]
    longest = max(len(phrase) for phrase, _ in sought.phrases)
    anchors = readable.candidates(sought.anchors)
    starts = texts.starts[anchors.texts] + anchors.offsets
    around = surroundings(readable.texts, readable.kinds, starts, longest - 1)
    for text, offset, stretch in around:
        found[text].update(phrases_among(_tokens(stretch, offset), sought))
    return places_of([sorted(own) for own in found])


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
