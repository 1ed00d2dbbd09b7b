"""The forms of an index that a prefix or a word with typing errors stands for."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.engines.contract import Fuzzy, Prefix, QueryTooBroad
from indexer.italian import fold


def lead(clause: Prefix | Fuzzy) -> str:
    """Return the letters with which every form that *clause* stands for begins."""
    folded = fold(clause.form)
    return folded if isinstance(clause, Prefix) else folded[:1]


def expand(clause: Prefix | Fuzzy, forms: Iterable[str]) -> tuple[str, ...]:
    """Pick from *forms*, folded and beginning with the clause's `lead`, those it stands for.

    Raises QueryTooBroad where a Fuzzy stands for more than it may.
    """
    wanted = fold(clause.form)
    found: list[str] = []
    if isinstance(clause, Prefix):
        return tuple(forms)
    for form in forms:
        if not within(wanted, form, clause.edits):
            continue
        found.append(form)
        if len(found) > clause.most:
            raise QueryTooBroad(
                f"«{clause.form}» stands for more than {clause.most} words: "
                "write more of its letters"
            )
    return tuple(found)


def within(one: str, other: str, edits: int) -> bool:
    """Tell whether at most *edits* edits (optimal string alignment) lead from *one* to *other*."""
    if abs(len(one) - len(other)) > edits:
        return False
    if one == other:
        return True
    before: list[int] = []
    far = edits + 1
    above = [min(place, far) for place in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        # Farther from the diagonal than *edits* every way is too long; a word may have
        # thousands of letters.
        row = [far] * len(above)
        row[0] = min(i, far)
        band = range(max(1, i - edits), min(len(other), i + edits) + 1)
        for j in band:
            its = other[j - 1]
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, before[j - 2] + 1)
            row[j] = cost
        if row[0] > edits and min((row[j] for j in band), default=far) > edits:
            return False
        before, above = above, row
    return above[-1] <= edits
