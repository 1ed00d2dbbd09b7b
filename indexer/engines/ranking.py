"""How the score of an article is reckoned: one formula, which every engine computes in its way.

A clause that asks for words has a *wide* term, which finds, and an *exact* one, which prefers:

    Word           wide: its stem          exact: its folded form
    Prefix, Fuzzy  wide: all the forms it  exact: its folded form
                   stands for, as one term
    a stop word, and every Word in the scopes AUTHOR and SOURCE, has no wide term

    clause         bm25(wide) + EXACT · agreement · bm25(exact), of a Word times its weight
    bm25(term)     idf(articles, holding) · weight(frequency, relative length)
    Phrase         the sum of its words, each as if it stood alone in the phrase's scope
    AllOf, AnyOf   the sum of the clauses that hold; a word in two readings is two clauses
    Is, Between, Not  nothing

Then each of the first NEAR_DEPTH articles gains, for each two words that are `neighbours` in the
query, and these articles are put in order anew. Since nobody loses, they stay the first, and a
page at any depth fits the one before it.

    neighbours     NEAR · mean of the two stems' idf · weight(together, relative length)

frequency  how often the term stands in the text + TITLE · how often in the title, as far as the
           clause's scope reaches; in AUTHOR and SOURCE how often in that field. A place counts
           once for each term, however many readings of the word there share that term.
together   counted in the same way: the places of the first stem with a place of the second at
           most NEAR_WINDOW words before or behind
agreement  1, times OTHER_ACCENTS where the article mostly writes the exact form with an accent and
           the query without, or the other way round; times OTHER_CASE where the query writes a
           capital and the article mostly none. Mostly: at least half the places in title and text,
           whatever the scope. In AUTHOR and SOURCE 1. So «metà» comes before «Meta» for «metà»,
           and behind it for «Meta»; a query without capitals prefers none, since many type so
relative length  words of own title and text, stop words too, divided by the mean of all articles;
           in AUTHOR and SOURCE 1
holding    articles that hold the term in the clause's scope
articles   all articles of the index; deleted ones count nowhere

In the order MIX the whole score is multiplied by `recency`: an article HALF_LIFE days older than
the newest one keeps half of what age can take, a very old one, or one without a date, all but that.

So scores depend on what the index holds, never on how it came to hold it.
"""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import NamedTuple

from indexer.engines.contract import AllOf, AnyOf, Clause, Phrase, Scope, Word

K1 = 1.2
B = 0.75
TITLE = 2.0
EXACT = 0.5
OTHER_ACCENTS = 0.4
OTHER_CASE = 0.8
NEAR = 0.4
NEAR_WINDOW = 4
NEAR_DEPTH = 64
HALF_LIFE = 180.0
OLD = 0.4


def idf(articles: int, holding: int) -> float:
    """Return how telling a term is that *holding* of *articles* articles hold; never negative."""
    return log(1 + (articles - holding + 0.5) / (holding + 0.5))


def weight(frequency: float, relative_length: float) -> float:
    """Return how much an article is about a term, 0 to 1: frequency saturates, length dilutes."""
    return frequency / (frequency + K1 * (1 - B + B * relative_length))


def agreement(*, accents: bool, case: bool) -> float:
    """Return what the exact form is worth where the query's accents, or its capital, agree."""
    return (1.0 if accents else OTHER_ACCENTS) * (1.0 if case else OTHER_CASE)


def recency(age: float | None) -> float:
    """Return what a score is worth *age* days after the newest article's: 1 down to OLD."""
    return OLD if age is None else OLD + (1 - OLD) * 0.5 ** (age / HALF_LIFE)


class Neighbours(NamedTuple):
    """Two stems that the query names one behind the other, and where they are looked for."""

    scope: Scope
    one: str
    other: str


def neighbours(clause: Clause) -> tuple[Neighbours, ...]:
    """Return the neighbours in *clause*, each pair once.

    Words without a stem, and those of another weight than 1, are passed over.
    """
    words: list[Word] = []
    _gather_stems(clause, words)
    found: dict[Neighbours, None] = {}
    for one, other in pairwise(words):
        if one.stem and other.stem and one.scope is other.scope and one.stem != other.stem:
            found[Neighbours(one.scope, one.stem, other.stem)] = None
    return tuple(found)


def _gather_stems(clause: Clause, words: list[Word]) -> None:
    if isinstance(clause, Word):
        if clause.stem and clause.weight == 1 and clause.scope in _WITH_STEMS:
            words.append(clause)
    elif isinstance(clause, AllOf | AnyOf):
        for each in clause.clauses:
            _gather_stems(each, words)
    elif isinstance(clause, Phrase):
        for word in clause.scoring:
            _gather_stems(word, words)


_WITH_STEMS = (Scope.ARTICLE, Scope.TITLE, Scope.TEXT)
