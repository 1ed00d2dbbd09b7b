"""Where the terms of a word stand in every segment, and how telling they are over all of them.

What was found is remembered as long as the generation lasts: the same words are asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope, Word
from indexer.engines.whoosh.frequencies import frequencies
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL, SHARED
from indexer.engines.whoosh.scoring import Stretch, Term, disagree
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.italian import fold

_MOST_REMEMBERED = 4_000  # words


@dataclass(frozen=True, slots=True)
class Located:
    """A word in a scope: its terms in each segment. Its stem's forms stand in one stretch."""

    by_segment: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem in a scope: how telling it is, and its stretch in each segment.

    ``forms`` is the stretch without the stem's own term, which has no positions.
    """

    rarity: float
    whole: tuple[Stretch, ...]
    forms: tuple[Stretch, ...]


def locate(snapshot: Snapshot, word: Word) -> Located:
    """Find *word* in all segments."""
    key = (word.stem, word.form, word.scope, word.capital, word.weight)
    found = snapshot.located.get(key)
    if found is None:
        if len(snapshot.located) >= _MOST_REMEMBERED:
            snapshot.located.clear()
        found = snapshot.located[key] = _locate(snapshot, word)
    return found


def locate_stem(snapshot: Snapshot, stem: str, scope: Scope) -> Stem:
    """Find *stem* in all segments."""
    key = (stem, scope)
    found = snapshot.stems.get(key)
    if found is None:
        if len(snapshot.stems) >= _MOST_REMEMBERED:
            snapshot.stems.clear()
        found = snapshot.stems[key] = _locate_stem(snapshot, stem, scope)
    return found


def _locate(snapshot: Snapshot, word: Word) -> Located:
    folded = fold(word.form)
    exact = [_stretches(view, runs(view.file.terms.of_form(folded))) for view in snapshot.views]
    factor = word.weight * ranking.EXACT * _idf(snapshot, exact, word.scope, wide=False)
    writing = (CAPITAL if word.capital else 0) | (ACCENTED if folded != word.form else 0)
    by_segment = [
        [Term(own, factor, wide=False, writing=_unless_agreed(own, writing)) for own in stretches]
        for stretches in exact
    ]
    if word.stem is not None:
        stem = locate_stem(snapshot, word.stem, word.scope)
        for terms, stretch in zip(by_segment, stem.whole, strict=True):
            terms.insert(0, Term(stretch, word.weight * stem.rarity, wide=True))
    return Located(tuple(map(tuple, by_segment)))


def _unless_agreed(stretch: Stretch, writing: int) -> int | None:
    return writing if disagree(stretch.codes, writing) else None


def _locate_stem(snapshot: Snapshot, stem: str, scope: Scope) -> Stem:
    whole, forms = [], []
    for view in snapshot.views:
        first, beyond = view.file.terms.of_stem(stem)
        with_forms, _ = view.file.terms.forms_of_stem(stem)
        whole.append(_stretch(view, first, beyond))
        forms.append(_stretch(view, with_forms, beyond))
    rarity = _idf(snapshot, [[stretch] for stretch in whole], scope, wide=True)
    return Stem(rarity, tuple(whole), tuple(forms))


def _stretch(view: View, first: int, beyond: int) -> Stretch:
    """Return the postings of a range of terms."""
    starts = view.file.terms.posting_starts
    start, stop = int(starts[first]), int(starts[beyond])
    return Stretch(start, view.file.numbers[start:stop], view.file.codes[start:stop])


def _stretches(view: View, ranges: Iterable[tuple[int, int]]) -> list[Stretch]:
    return [_stretch(view, first, beyond) for first, beyond in ranges]


def runs(terms: Array) -> list[tuple[int, int]]:
    """Return ranges of terms that cover *terms*, which need not ascend."""
    if not len(terms):
        return []
    terms = np.sort(terms)
    breaks = np.flatnonzero(np.diff(terms) > 1)
    firsts = terms[np.concatenate([[0], breaks + 1])]
    lasts = terms[np.concatenate([breaks, [len(terms) - 1]])]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _idf(
    snapshot: Snapshot, stretches: Sequence[Sequence[Stretch]], scope: Scope, *, wide: bool
) -> float:
    holding = 0
    for view, own in zip(snapshot.views, stretches, strict=True):
        if len(own) == 1 and view.live is None and scope is Scope.ARTICLE:
            codes = own[0].codes
            holding += int(np.count_nonzero(codes < SHARED)) if wide else len(codes)
            continue
        # The articles of a stem, and of one form, are distinct; a form of two stems may meet twice.
        numbers = [holders(view, stretch, scope, wide=wide) for stretch in own]
        if len(numbers) > 1:
            numbers = [np.unique(np.concatenate(numbers))]
        for found in numbers:
            holding += len(found) if view.live is None else int(view.live[found].sum())
    return ranking.idf(snapshot.articles, holding)


def holders(view: View, stretch: Stretch, scope: Scope, *, wide: bool) -> Array:
    """Return the numbers of the articles of a stretch, each once, as far as *scope* reaches."""
    if scope is Scope.ARTICLE:
        return stretch.numbers[stretch.codes < SHARED] if wide else stretch.numbers
    found = frequencies(view.file, stretch.places, stretch.codes, scope, wide=wide)
    return stretch.numbers[found > 0]
