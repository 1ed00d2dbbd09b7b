"""Where the terms of a word stand in every segment, and how telling they are over all of them.

What was found is remembered as long as the generation lasts: the same words are asked again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from typing import NamedTuple, TypeVar

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope, Word
from indexer.engines.whoosh.cuts import Cut, Cuts, in_segment, joined, number, packed
from indexer.engines.whoosh.frequencies import frequencies
from indexer.engines.whoosh.native.words import Asked, find_words
from indexer.engines.whoosh.postings import SHARED
from indexer.engines.whoosh.scoring import SCOPES, writing
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.terms import NOWHERE, OfStem
from indexer.italian import fold

_MOST_REMEMBERED = 4_000  # words
_Span = tuple[int, int]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Located(NamedTuple):
    """A word in a scope: its cuts in one segment after the other, and where those of each end.

    And the terms of its exact form in each.
    """

    cuts: Cuts
    ends: array[int]
    exact: Sequence[Sequence[int]]

    def in_segment(self, segment: int) -> Cuts:
        """Return the cuts of one segment."""
        return in_segment(self.cuts, self.ends, segment)


class Stem(NamedTuple):
    """A stem in a scope: how telling it is, and its forms.

    Where these begin and where they end, in one segment after the other.
    """

    rarity: float
    forms: array[int]

    def in_segment(self, segment: int) -> tuple[int, int]:
        """Return where its forms begin and end in one segment."""
        return self.forms[2 * segment], self.forms[2 * segment + 1]


def locate(snapshot: Snapshot, words: Iterable[Word]) -> list[Located]:
    """Find *words* in all segments."""
    known, asked = snapshot.located, [(_key(word), word) for word in words]
    # Taken now: another thread may empty the memory at any moment.
    located: dict[object, Located | None] = {key: known.get(key) for key, _ in asked}
    unknown = {key: word for key, word in asked if located[key] is None}
    if unknown:
        looked_up = _look_up(snapshot, list(unknown.values()))
        for key, own in zip(unknown, looked_up, strict=True):
            located[key] = _remember(known, key, own)
    return [found for key, _ in asked if (found := located[key])]


def _key(word: Word) -> tuple[object, ...]:
    return word.stem, word.form, word.scope, word.capital, word.weight


def holders_of_form(snapshot: Snapshot, form: str) -> int:
    """Return how many articles hold *form*, folded."""
    found = snapshot.forms.get(form)
    if found is None:
        terms = (view.file.terms.of_form(form) for view in snapshot.views)
        own = map(_holding, snapshot.views, terms, repeat(Scope.ARTICLE))
        found = _remember(snapshot.forms, form, sum(own))
    return found


def locate_stem(snapshot: Snapshot, stem: str, scope: Scope) -> Stem:
    """Find *stem* in all segments."""
    key = (stem, scope)
    found: Stem | None = snapshot.stems.get(key)
    if found is None:
        terms = [view.file.terms.of_stem(stem) for view in snapshot.views]
        found = _remember(snapshot.stems, key, _stem(snapshot, terms, scope))
    return found


def _remember(known: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keep *value*, with what else was asked for lately, and return it."""
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[key] = value
    return value


class _Found(NamedTuple):
    """What a segment has of a word: its stem's terms, and its form's, most often one."""

    stem: OfStem
    exact: Sequence[int]


def _look_up(snapshot: Snapshot, words: Sequence[Word]) -> Iterator[Located]:
    """Yield where *words* stand."""
    if snapshot.mapped is None:
        for word in words:
            yield _located(snapshot, word, [_in_segment(view, word) for view in snapshot.views])
        return
    folded = [fold(word.form) for word in words]
    asked = [
        Asked(
            None if word.stem is None else _bytes(word.stem),
            _bytes(form),
            writing(capital=word.capital, accented=form != word.form),
            word.weight,
        )
        for word, form in zip(words, folded, strict=True)
    ]
    exact, scope = ranking.EXACT, SCOPES[Scope.ARTICLE]
    found = find_words(snapshot.mapped, asked, snapshot.articles, scope, exact)
    for word, form, own in zip(words, folded, found, strict=True):
        if word.scope is not Scope.ARTICLE or own.holding is None:
            yield _located(snapshot, word, list(map(_of_row, snapshot.views, own.rows)))
            continue
        _remember(snapshot.forms, form, own.holding)  # a suggestion will ask for it
        if word.stem is not None:
            _remember(snapshot.stems, (word.stem, word.scope), Stem(own.rarity, own.forms))
        yield Located(own.cuts, own.ends, [row[6:] if row[5] else () for row in own.rows])


def _in_segment(view: View, word: Word) -> _Found:
    terms = view.file.terms
    stem = NOWHERE if word.stem is None else terms.of_stem(word.stem)
    return _Found(stem, terms.of_form(fold(word.form)))


def _of_row(view: View, row: Sequence[int]) -> _Found:
    *stem, first, beyond, _ = row
    return _Found(OfStem(*stem), view.file.terms.in_order(first, beyond))


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _located(snapshot: Snapshot, word: Word, found: Sequence[_Found]) -> Located:
    """Return *word*, of which segments have what was *found*."""
    folded, scope = fold(word.form), word.scope
    holding = sum(
        _holding(view, own.exact, scope)
        for view, own in zip(snapshot.views, found, strict=True)
        if own.exact
    )
    if scope is Scope.ARTICLE:
        _remember(snapshot.forms, folded, holding)  # a suggestion will ask for it
    wide = 0.0
    if word.stem is not None:
        key = (word.stem, scope)
        stem = snapshot.stems.get(key) or _remember(
            snapshot.stems, key, _stem(snapshot, [own.stem for own in found], scope)
        )
        wide = word.weight * stem.rarity
    worth = word.weight * ranking.EXACT * ranking.idf(snapshot.articles, holding)
    written = writing(capital=word.capital, accented=folded != word.form)
    row = SCOPES[scope]
    cuts = [_cuts(own.stem, own.exact, wide, worth, written, row) for own in found]
    ends = array("q", accumulate(map(number, cuts)))
    return Located(joined(cuts), ends, [own.exact for own in found])


def _cuts(
    stem: OfStem, exact: Sequence[int], wide: float, worth: float, written: int, scope: int
) -> Cuts:
    """Return the terms of a word's stem, and of its exact form: one of the stem's, mostly."""
    at, stop = stem.first, stem.beyond
    cuts = []
    for term in exact:
        inside = at <= term < stop
        if inside:
            if at < term:
                cuts.append(Cut(at, term, wide, 0.0, written, scope))
            at = term + 1
        cuts.append(Cut(term, term + 1, wide if inside else 0.0, worth, written, scope))
    if at < stop:
        cuts.append(Cut(at, stop, wide, 0.0, written, scope))
    return packed(cuts)


def _stem(snapshot: Snapshot, terms: Sequence[OfStem], scope: Scope) -> Stem:
    """Return the stem that has *terms* in the segments."""
    holding = 0
    for view, own in zip(snapshot.views, terms, strict=True):
        if view.live is None and scope is Scope.ARTICLE:
            holding += own.holders
        elif own.first < own.beyond:
            span = view.file.terms.span(own.first, own.beyond)
            holding += _living(view, _holders(view, span, scope))
    forms = array("q", [place for own in terms for place in (own.forms, own.beyond)])
    return Stem(ranking.idf(snapshot.articles, holding), forms)


def _holding(view: View, terms: Sequence[int], scope: Scope) -> int:
    """Return how many living articles hold a form, which may have several stems, in *scope*."""
    spans = [view.file.terms.span(term, term + 1) for term in terms]
    if view.live is None and scope is Scope.ARTICLE and len(spans) == 1:
        ((start, stop),) = spans
        return stop - start
    held = SCRATCH.zeros("held", view.articles, bool)
    for span in spans:
        held[_holders(view, span, scope, shared=True)] = True
    if view.dead is not None:
        held[view.dead] = False
    return int(np.count_nonzero(held))


def _holders(view: View, span: _Span, scope: Scope, *, shared: bool = False) -> Array:
    """Return the numbers of the articles of a stem's, or a form's, postings, each once."""
    start, stop = span
    numbers, codes = view.file.numbers[start:stop], view.file.codes[start:stop]
    held = np.ones(len(codes), bool) if shared else codes < SHARED
    if scope is not Scope.ARTICLE:
        held &= frequencies(view.file, start, codes, scope) > 0
    holders: Array = numbers[held]
    return holders


def _living(view: View, numbers: Array) -> int:
    return len(numbers) if view.live is None else int(np.count_nonzero(view.live[numbers]))
