"""What stands behind the question mark, read strictly: what is wrong is refused, never ignored.

A parameter without a value counts as not given: so do browsers send the empty fields of a form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from indexer.articles.dates import read_period
from service.query import QueryError

_Choice = TypeVar("_Choice", bound=StrEnum)


class Parameters:
    """The parameters of one request, of a resource that knows *singles* and *repeatable* ones.

    Raise QueryError, which names the parameter, when it is unknown or its value cannot be read.
    """

    def __init__(
        self,
        given: Mapping[str, str | list[str]],
        singles: Collection[str],
        repeatable: Collection[str] = (),
    ) -> None:
        known = [*singles, *repeatable]
        self._values: dict[str, tuple[str, ...]] = {}
        for name, value in given.items():
            values = (value,) if isinstance(value, str) else tuple(value)
            if name not in known:
                raise QueryError(
                    f"There is no parameter {_shown(name)}{_hint(name, known)}",
                    code="unknown-parameter",
                )
            if name in singles and len(values) > 1:
                raise QueryError(
                    f"{name} is given {len(values)} times: give it once.",
                    code="repeated-parameter",
                )
            self._values[name] = tuple(text for text in values if text.strip())

    def __contains__(self, name: str) -> bool:
        return bool(self._values.get(name))

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of *name*, in the order given."""
        return self._values.get(name, ())

    def text(self, name: str) -> str:
        """Return the value of *name*, empty when there is none."""
        return next(iter(self.all(name)), "")

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Return the number *name*, written in ASCII digits alone."""
        text = self.text(name)
        if not text:
            return default
        # int() alone would also take «1_0», «+1» and the digits of other scripts.
        readable = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
        if not (readable and lowest <= int(text) <= highest):
            raise _invalid(name, f"a number from {lowest} to {highest}", text)
        return int(text)

    def flag(self, name: str) -> bool:
        """Tell whether *name* is 1 rather than 0."""
        return bool(self.number(name, 0, 0, 1))

    def choice(self, name: str, default: _Choice) -> _Choice:
        """Return the member of *default*'s enumeration that *name* writes."""
        text = self.text(name)
        return _member(name, text, type(default)) if text else default

    def choices(self, name: str, kind: type[_Choice]) -> tuple[_Choice, ...]:
        """Return the members of *kind* that *name* lists, comma-separated, each once."""
        texts = (part.strip() for part in self.text(name).split(","))
        return tuple(dict.fromkeys(_member(name, text, kind) for text in texts if text))

    def period(self, name: str) -> tuple[date, date] | tuple[None, None]:
        """Return the first and last day of the day, month or year that *name* writes."""
        text = self.text(name)
        if not text:
            return None, None
        period = read_period(text)
        if period is None:
            raise _invalid(
                name, "a date such as 2025-11-19, «19 novembre 2025», 19/11/25 or 2025-11", text
            )
        return period


def _member(name: str, text: str, kind: type[_Choice]) -> _Choice:
    try:
        return kind(text)
    except ValueError:
        raise _invalid(name, f"one of {', '.join(kind)}", text) from None


def _invalid(name: str, expected: str, text: str) -> QueryError:
    return QueryError(f"{name} is {expected}, not {_shown(text)}.", code="invalid-parameter")


def _hint(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name.lower()[:50], known, n=1)
    return f": did you mean {close[0]}?" if close else f"; there are {', '.join(known)}."


def _shown(text: str) -> str:
    return repr(text if len(text) <= 50 else f"{text[:50]}…")
