"""Where the terms of a word stand in every segment, and how telling they are over all of them.

What was found is remembered as long as the generation lasts: the same words are asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope, Word
from indexer.engines.whoosh.frequencies import frequencies
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED
from indexer.engines.whoosh.scoring import EXACT, WIDE, Cut, Spread, Stretch, Term
from indexer.engines.whoosh.scratch import SCRATCH
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.engines.whoosh.terms import NOWHERE, OfStem
from indexer.italian import fold

_MOST_REMEMBERED = 4_000  # words
_OF_A_STEM = -1  # a kind of its own, beside those of writings
_Span = tuple[int, int]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Located:
    """A word in a scope: its terms in each segment, and how many postings those have in all."""

    by_segment: tuple[tuple[Term, ...], ...]
    postings: int


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem in a scope: how telling it is, and its terms in each segment."""

    rarity: float
    by_segment: tuple[OfStem, ...]


_NO_STEM = Stem(0.0, ())


def locate(snapshot: Snapshot, word: Word) -> Located:
    """Find *word* in all segments."""
    key = (word.stem, word.form, word.scope, word.capital, word.weight)
    found: Located | None = snapshot.located.get(key)
    if found is None:
        found = _remember(snapshot.located, key, _locate(snapshot, word))
    return found


def holders_of_form(snapshot: Snapshot, form: str) -> int:
    """Return how many articles hold *form*, folded."""
    found = snapshot.forms.get(form)
    if found is None:
        own = (_holding(view, _exact(view, form), Scope.ARTICLE) for view in snapshot.views)
        found = _remember(snapshot.forms, form, sum(own))
    return found


def locate_stem(snapshot: Snapshot, stem: str, scope: Scope) -> Stem:
    """Find *stem* in all segments."""
    key = (stem, scope)
    found: Stem | None = snapshot.stems.get(key)
    if found is None:
        found = _remember(snapshot.stems, key, _locate_stem(snapshot, stem, scope))
    return found


def _remember(known: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keep *value*, with what else was asked for lately, and return it."""
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[key] = value
    return value


def _locate(snapshot: Snapshot, word: Word) -> Located:
    folded = fold(word.form)
    views = snapshot.views
    exact = [_exact(view, folded) for view in views]
    holding = [_holding(view, own, word.scope) for view, own in zip(views, exact, strict=True)]
    writing = (CAPITAL if word.capital else 0) | (ACCENTED if folded != word.form else 0)
    if word.scope is Scope.ARTICLE:
        _remember(snapshot.forms, folded, sum(holding))  # a suggestion will ask for it
    worth = np.float32(word.weight * ranking.EXACT * _idf(snapshot, holding))
    stem = _NO_STEM if word.stem is None else locate_stem(snapshot, word.stem, word.scope)
    wide = np.float32(word.weight * stem.rarity)
    stems = stem.by_segment or [NOWHERE] * len(views)
    by_segment = tuple(
        tuple(_terms(view, _span(view, own.first, own.beyond), spans, writing, wide, worth))
        for view, own, spans in zip(views, stems, exact, strict=True)
    )
    return Located(by_segment, sum(t.stop - t.start for terms in by_segment for t in terms))


def _terms(
    view: View,
    stem: _Span,
    exact: Sequence[_Span],
    writing: int,
    wide: np.float32,
    worth: np.float32,
) -> Iterator[Term]:
    """Yield the terms of a word's stem, and of its exact form: one of the stem's, mostly."""
    apart = list(exact)
    start, stop = stem
    if start < stop:
        if stop - start >= view.frequent:
            yield Spread(start, stop, _OF_A_STEM, WIDE, float(wide))
        else:
            as_stem = WIDE * wide
            inside = [span for span in exact if start <= span[0] and span[1] <= stop]
            cuts = []
            for first, beyond in inside:
                apart.remove((first, beyond))
                if first > start:
                    cuts.append(Cut(first, as_stem))
                cuts.append(Cut(beyond, as_stem + EXACT[writing] * worth))
            if not cuts or cuts[-1].stop < stop:
                cuts.append(Cut(stop, as_stem))
            yield Stretch(start, tuple(cuts))
    for first, beyond in apart:
        if beyond - first >= view.frequent:
            yield Spread(first, beyond, writing, EXACT[writing], float(worth))
        else:
            yield Stretch(first, (Cut(beyond, EXACT[writing] * worth),))


def _locate_stem(snapshot: Snapshot, stem: str, scope: Scope) -> Stem:
    terms = [view.file.terms.of_stem(stem) for view in snapshot.views]
    holding = [
        own.holders
        if view.live is None and scope is Scope.ARTICLE
        else _living(view, _holders(view, _span(view, own.first, own.beyond), scope))
        for view, own in zip(snapshot.views, terms, strict=True)
    ]
    return Stem(_idf(snapshot, holding), tuple(terms))


def _exact(view: View, form: str) -> list[_Span]:
    """Return where the postings of a folded form stand, for each of its stems."""
    return [_span(view, term, term + 1) for term in view.file.terms.of_form(form)]


def _span(view: View, first: int, beyond: int) -> _Span:
    """Return where the postings of a range of terms stand."""
    starts = view.file.terms.posting_starts
    return int(starts[first]), int(starts[beyond])


def _holding(view: View, spans: Sequence[_Span], scope: Scope) -> int:
    """Return how many living articles hold a form, which may have several stems, in *scope*."""
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


def _idf(snapshot: Snapshot, holding: Sequence[int]) -> float:
    return ranking.idf(snapshot.articles, sum(holding))
