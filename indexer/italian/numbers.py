"""What a number is, however it is grouped: 1.000 → 1000, 3.5 → 3,5, 19.11.2025 is none."""

from __future__ import annotations

import re

SIGNS = "%°ºª"  # what may follow a number and makes another reading of it

_THOUSANDS = re.compile(r"\d{1,3}(?:[.']\d{3})+(?:,\d+)?")
_GROUPING = re.compile("[.']")
_DECIMAL = re.compile(r"\d+[.,]\d+")


def number_form(written: str) -> str | None:
    """Return the form of the number *written* with digits, points and commas; None: it is none."""
    if _THOUSANDS.fullmatch(written):
        return _GROUPING.sub("", written)
    if written.isdigit() or _DECIMAL.fullmatch(written):
        return written.replace(".", ",")
    return None
