"""How likely one word was typed for another: what fingers do on an Italian keyboard."""

from __future__ import annotations

import re

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFTS = (0.0, 0.25, 0.75)  # how far each row of keys is moved to the right
_NEAR = 1.2  # in widths of a key

_PLACES = {
    key: (row, column + shift)
    for row, (keys, shift) in enumerate(zip(_ROWS, _SHIFTS, strict=True))
    for column, key in enumerate(keys)
}
_DOUBLED = re.compile(r"(.)\1+")

DOUBLED, SLIPPED, OTHERWISE = 0.5, 0.7, 1.0
FIRST_LETTER = 0.5


def cost(typed: str, meant: str) -> float:
    """Return how unlikely it is that who types *typed*, folded, means *meant*: 0 for the same.

    A double consonant more or less is the likeliest error, then two letters swapped or a key
    beside the right one, then any other edit; the first letter is seldom wrong.
    """
    if typed == meant:
        return 0.0
    first = FIRST_LETTER if typed[:1] != meant[:1] else 0.0
    if _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant):
        return first + DOUBLED * max(1, abs(len(typed) - len(meant)))
    return first + _edits(typed, meant)


def _edits(typed: str, meant: str) -> float:
    """Optimal string alignment, an edit costing what it is likely."""
    before: list[float] = []
    above = [float(place) for place in range(len(meant) + 1)]
    for i, letter in enumerate(typed, 1):
        row = [float(i)]
        for j, its in enumerate(meant, 1):
            price = min(
                above[j] + (DOUBLED if i > 1 and typed[i - 2] == letter else OTHERWISE),
                row[j - 1] + (DOUBLED if j > 1 and meant[j - 2] == its else OTHERWISE),
                above[j - 1] + _exchanged(letter, its),
            )
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == its:
                price = min(price, before[j - 2] + SLIPPED)
            row.append(price)
        before, above = above, row
    return above[-1]


def _exchanged(letter: str, its: str) -> float:
    if letter == its:
        return 0.0
    if letter not in _PLACES or its not in _PLACES:
        return OTHERWISE
    (row, column), (its_row, its_column) = _PLACES[letter], _PLACES[its]
    near = abs(row - its_row) <= 1 and abs(column - its_column) < _NEAR
    return SLIPPED if near else OTHERWISE
