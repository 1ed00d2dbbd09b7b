"""What is asked: words that stand together in the articles, drawn once, never asked twice.

The same seed draws the same questions. Engines get words; what they make of them is theirs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, islice, pairwise
from pathlib import Path

import msgspec

from indexer.articles import Article
from indexer.italian import analyse
from indexer.italian.tokens import Token

_STRETCH = 250  # characters in which a question's words stand
_SHORTEST = 4  # letters: below, the engines' lists of stop words differ most
_PREFIX = 5
_PATIENCE = 20  # draws per question


class Kind(StrEnum):
    """A shape of question; the value is its row in the report."""

    OR = "OR of six words"
    AND2 = "AND of two words"
    AND3 = "AND of three words"
    PHRASE = "phrase of two words"
    PREFIX = "prefix of five letters"
    FILTERED = "OR of six, dates and sources"
    NEWEST = "OR of six, newest first"
    PAGE = "full page"


_WORDS = {Kind.AND2: 2, Kind.AND3: 3, Kind.PHRASE: 2, Kind.PREFIX: 1}


@dataclass(frozen=True, slots=True)
class Question:
    """One question; *sources*, *first* and *last* filter where the kind says so."""

    kind: Kind
    words: tuple[str, ...]
    sources: tuple[str, ...] = ()
    first: date = date.min
    last: date = date.max

    @property
    def text(self) -> str:
        """The words as a person types them."""
        return " ".join(self.words)


class Drawing:
    """Draws questions from the first *count* articles of a JSON Lines file."""

    def __init__(self, articles: Path, count: int, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._drawn: set[tuple[Kind, tuple[str, ...]]] = set()
        self._articles = articles
        with articles.open("rb") as lines:
            lengths = [len(line) for line in islice(lines, count)]
        self._places = [0, *accumulate(lengths[:-1])]
        self._sources = sorted({article.source or "" for article in self._some(500)} - {""})

    def draw(self, kind: Kind, count: int) -> list[Question]:
        """Return *count* questions, none of which was drawn before."""
        questions: list[Question] = []
        # A small collection runs out of, say, prefixes: then there are fewer.
        for _ in range(_PATIENCE * count):
            if len(questions) == count:
                break
            words = self._words(kind)
            if words and (kind, words) not in self._drawn:
                self._drawn.add((kind, words))
                questions.append(self._filtered(kind, words))
        return questions

    def _some(self, count: int) -> Iterator[Article]:
        with self._articles.open("rb") as lines:
            for _ in range(count):
                lines.seek(self._random.choice(self._places))
                yield msgspec.json.decode(lines.readline(), type=Article)

    def _words(self, kind: Kind) -> tuple[str, ...]:
        (article,) = self._some(1)
        text = article.text
        begin = self._random.randrange(max(1, len(text) - _STRETCH))
        stretch = text[begin : begin + _STRETCH]
        tokens = [
            token
            for token in analyse(stretch)[1:-1]  # the outermost may be cut
            if token.stem
            and len(token.form) >= _SHORTEST
            and stretch[token.start : token.end].isalpha()
        ]
        if kind is Kind.PHRASE:
            tokens = _neighbours(tokens, stretch)
        if kind is Kind.PREFIX:
            tokens = [token for token in tokens if len(token.form) >= _PREFIX + 2][:1]
            return tuple(token.form[:_PREFIX] for token in tokens)
        wanted = _WORDS.get(kind, 6)
        words = tuple(dict.fromkeys(stretch[token.start : token.end] for token in tokens))
        return words[:wanted] if len(words) >= wanted else ()

    def _filtered(self, kind: Kind, words: tuple[str, ...]) -> Question:
        if kind is not Kind.FILTERED:
            return Question(kind, words)
        first = date(2010, 1, 1) + timedelta(days=self._random.randrange(3000))
        sources = tuple(self._random.sample(self._sources, min(6, len(self._sources))))
        return Question(kind, words, sources, first, first + timedelta(days=2500))


def _neighbours(tokens: list[Token], text: str) -> list[Token]:
    for one, other in pairwise(tokens):
        if text[one.end : other.start] == " ":
            return [one, other]
    return []
