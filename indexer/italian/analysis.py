"""The plain face of the chain: every word of a text at its place."""

from __future__ import annotations

from indexer.italian.chunk_words import analyse_chunk
from indexer.italian.chunks import cut, prepare
from indexer.italian.tokens import Token


def analyse(text: str) -> list[Token]:
    """Return the tokens of *text* in reading order; none is dropped, a stop word has no stem."""
    tokens: list[Token] = []
    position = -1
    for offset, chunk in cut(prepare(text)):
        for form, stem, start, end, step, capital in analyse_chunk(chunk):
            position += step
            tokens.append(Token(form, stem, offset + start, offset + end, position, capital))
    return tokens
