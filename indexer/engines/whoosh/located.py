"""Where the terms of a word stand in every segment, and how telling they are over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from indexer.engines import ranking
from indexer.engines.contract import Scope, Word
from indexer.engines.whoosh.frequencies import frequencies
from indexer.engines.whoosh.postings import ACCENTED, CAPITAL
from indexer.engines.whoosh.scoring import Stretch, disagree
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.snapshot import Snapshot, View
from indexer.italian import fold

Span = tuple[int, int]
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Located:
    """A word in a scope: per segment, the stretches of its stem and of its form."""

    wide: tuple[tuple[Span, ...], ...]
    exact: tuple[tuple[Span, ...], ...]
    stretches: tuple[tuple[Stretch, ...], ...]

    def spans(self, segment: int) -> tuple[Span, ...]:
        """Return stretches that hold every posting of the word in a segment."""
        # The forms of a stem lie within its own stretch; an exact form may have another stem too.
        return self.wide[segment] + self.exact[segment]


def locate(snapshot: Snapshot, word: Word) -> Located:
    """Find *word* in all segments."""
    key = (word.stem, word.form, word.scope, word.capital)
    found = snapshot.located.get(key)
    if found is None:
        if len(snapshot.located) >= _MOST_REMEMBERED:
            snapshot.located.clear()
            snapshot.rarities.clear()
        found = snapshot.located[key] = _locate(snapshot, word)
    return found


def stem_idf(snapshot: Snapshot, stem: str, scope: Scope) -> float:
    """Return how telling a stem is in a scope."""
    key = (stem, scope)
    if key not in snapshot.rarities:
        wide = [_joined(view, [view.file.terms.of_stem(stem)]) for view in snapshot.views]
        snapshot.rarities[key] = _idf(snapshot, wide, scope, wide=True)
    return snapshot.rarities[key]


def _locate(snapshot: Snapshot, word: Word) -> Located:
    folded = fold(word.form)
    wide = tuple(
        () if word.stem is None else _joined(view, [view.file.terms.of_stem(word.stem)])
        for view in snapshot.views
    )
    exact = tuple(_joined(view, runs(view.file.terms.of_form(folded))) for view in snapshot.views)
    writing = (CAPITAL if word.capital else 0) | (ACCENTED if folded != word.form else 0)
    stem_factor = stem_idf(snapshot, word.stem, word.scope) if word.stem is not None else 0.0
    form_factor = ranking.EXACT * _idf(snapshot, exact, word.scope, wide=False)
    return Located(
        wide=wide,
        exact=exact,
        stretches=tuple(
            tuple(Stretch(*span, stem_factor, True) for span in stems)
            + tuple(
                Stretch(*span, form_factor, False, _unless_agreed(view, span, writing))
                for span in forms
            )
            for view, stems, forms in zip(snapshot.views, wide, exact, strict=True)
        ),
    )


def _unless_agreed(view: View, span: Span, writing: int) -> int | None:
    return writing if disagree(view.file.codes[slice(*span)], writing) else None


def runs(terms: Array) -> list[Span]:
    """Return ranges of terms that cover *terms*, which need not ascend."""
    if not len(terms):
        return []
    terms = np.sort(terms)
    breaks = np.flatnonzero(np.diff(terms) > 1)
    firsts = terms[np.concatenate([[0], breaks + 1])]
    lasts = terms[np.concatenate([breaks, [len(terms) - 1]])]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _joined(view: View, ranges: Iterable[Span]) -> tuple[Span, ...]:
    """Return the stretches of postings of ranges of terms."""
    starts = view.file.terms.posting_starts
    return tuple((int(starts[a]), int(starts[b])) for a, b in ranges if b > a)


def _idf(snapshot: Snapshot, spans: Sequence[Sequence[Span]], scope: Scope, *, wide: bool) -> float:
    holding = 0
    for view, own in zip(snapshot.views, spans, strict=True):
        # The articles of a stem, and of one form, are distinct; a form of two stems may meet twice.
        numbers = [holders(view, span, scope, wide=wide) for span in own]
        if len(numbers) > 1:
            numbers = [np.unique(np.concatenate(numbers))]
        for found in numbers:
            holding += len(found) if view.live is None else int(view.live[found].sum())
    return ranking.idf(snapshot.articles, holding)


def holders(view: View, span: Span, scope: Scope, *, wide: bool) -> Array:
    """Return the numbers of the articles of a stretch, as far as *scope* reaches."""
    numbers = view.file.numbers[slice(*span)]
    codes = view.file.codes[slice(*span)]
    if scope is Scope.ARTICLE:
        return numbers[codes < 128] if wide else numbers
    found = frequencies(view.file, partial(np.add, span[0]), codes, scope, wide=wide)
    return numbers[found > 0]
