"""What a request may say: each parameter is declared once, read strictly, described from there.

What is wrong is refused, never ignored. A parameter without a value counts as not given: so do
browsers send the empty fields of a form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from indexer.articles.dates import read_period
from service.query import QueryError

_Value = TypeVar("_Value", covariant=True)
_Choice = TypeVar("_Choice", bound=StrEnum)
Schema = dict[str, object]

_ALIKE = 0.7  # «sort» is no «source» mistyped (0.6), «form» is «from» (0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Generic[_Value]):
    """One parameter; ``meaning`` is a sentence and ``example`` a value, for the description."""

    name: str
    meaning: str
    example: object = None
    repeatable: ClassVar[bool] = False

    def read(self, texts: tuple[str, ...]) -> _Value:
        """Return what *texts*, none of them blank, say. Raise QueryError."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter[str]):
    """Any words."""

    longest: int | None = None  # characters

    def read(self, texts: tuple[str, ...]) -> str:
        """Return the words, empty when there are none."""
        text = next(iter(texts), "")
        if self.longest and len(text) > self.longest:
            raise QueryError(
                f"{self.name} has {len(text)} characters; up to {self.longest} are read: "
                "shorten it.",
                code="query-too-long",
                italian=f"«{self.name}» ha {len(text)} caratteri, al massimo {self.longest}: "
                "accorcialo.",
            )
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        return {"type": "string"} | ({"maxLength": self.longest} if self.longest else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Parameter[int]):
    """A number from *lowest* to *highest*."""

    default: int
    lowest: int
    highest: int

    def read(self, texts: tuple[str, ...]) -> int:
        """Return the number, written in ASCII digits alone."""
        if not texts:
            return self.default
        # int() alone would also take «1_0», «+1» and the digits of other scripts.
        text = texts[0]
        readable = text.isascii() and text.isdigit() and len(text) <= len(str(self.highest))
        if not (readable and self.lowest <= int(text) <= self.highest):
            raise invalid(
                self.name,
                text,
                f"a number from {self.lowest} to {self.highest}",
                f"un numero da {self.lowest} a {self.highest}",
            )
        return int(text)

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        return {
            "type": "integer",
            "minimum": self.lowest,
            "maximum": self.highest,
            "default": self.default,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter[_Choice]):
    """One member of *default*'s enumeration."""

    default: _Choice

    def read(self, texts: tuple[str, ...]) -> _Choice:
        """Return the member."""
        return _member(self.name, texts[0], type(self.default)) if texts else self.default

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        members = [member.value for member in type(self.default)]
        return {"type": "string", "enum": members, "default": self.default.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Parameter[tuple[_Choice, ...]], Generic[_Choice]):
    """Members of an enumeration, comma-separated."""

    kind: type[_Choice]
    repeatable: ClassVar[bool] = True

    def read(self, texts: tuple[str, ...]) -> tuple[_Choice, ...]:
        """Return the members, each once."""
        names = (part.strip() for text in texts for part in text.split(","))
        return tuple(dict.fromkeys(_member(self.name, name, self.kind) for name in names if name))

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        members = [member.value for member in self.kind]
        return {"type": "array", "items": {"type": "string", "enum": members}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values(Parameter[tuple[str, ...]]):
    """Alternatives, one of which must be the whole value of a field."""

    repeatable: ClassVar[bool] = True

    def read(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return all of them."""
        return texts

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "array", "items": {"type": "string"}}


Period = tuple[date, date]
_ISO = r"^([12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?)?)?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods(Parameter[tuple[Period, ...]]):
    """Days, months or years, as one writes them in Italy or in ISO 8601."""

    repeatable: ClassVar[bool] = True

    def read(self, texts: tuple[str, ...]) -> tuple[Period, ...]:
        """Return the first and last day of each."""
        return tuple(self._period(text) for text in texts)

    def _period(self, text: str) -> Period:
        period = read_period(text)
        if period is None:
            raise invalid(
                self.name,
                text,
                "a date such as 2025-11-19, «19 novembre 2025», 19/11/25 or 2025-11",
                "una data come 2025-11-19, 19 novembre 2025, 19/11/25 o 2025-11",
            )
        return period

    def schema(self) -> Schema:
        """Return the JSON Schema of the values: those that no language changes."""
        return {"type": "array", "items": {"type": "string", "pattern": _ISO}}


@dataclass(frozen=True, slots=True)
class Given:
    """What one request gives of the parameters that its resource knows."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, parameter: Parameter[object]) -> bool:
        return parameter.name in self.texts

    def __getitem__(self, parameter: Parameter[_Value]) -> _Value:
        """Return the value of *parameter*, its default where none is given. Raise QueryError."""
        return parameter.read(self.texts.get(parameter.name, ()))

    def get(self, parameter: Parameter[_Value]) -> _Value | None:
        """Return the value of *parameter*, None where none is given. Raise QueryError."""
        texts = self.texts.get(parameter.name)
        return parameter.read(texts) if texts else None


def read_given(
    given: Mapping[str, str | list[str]], known: Iterable[Parameter[object]] = ()
) -> Given:
    """Return what is *given*. Raise QueryError where it is unknown, or given too often."""
    parameters = {parameter.name: parameter for parameter in known}
    texts: dict[str, tuple[str, ...]] = {}
    for name, value in given.items():
        values = (value,) if isinstance(value, str) else tuple(value)
        if name not in parameters:
            raise QueryError(
                f"There is no parameter {_shown(name)}{_hint(name, parameters)}",
                code="unknown-parameter",
                italian=f"Nell’indirizzo {_cited(name)} non vuol dire niente: toglilo.",
            )
        if len(values) > 1 and not parameters[name].repeatable:
            raise QueryError(
                f"{name} is given {len(values)} times: give it once.",
                code="repeated-parameter",
                italian=f"Nell’indirizzo {_cited(name)} c’è {len(values)} volte: deve starci una "
                "volta sola.",
            )
        if filled := tuple(text for text in values if text.strip()):
            texts[name] = filled
    return Given(texts)


def invalid(name: str, text: str, expected: str, wanted: str) -> QueryError:
    """Return the refusal of *text* as the value of *name*: *expected* is English, *wanted* not."""
    return QueryError(
        f"{name} is {expected}, not {_shown(text)}.",
        code="invalid-parameter",
        italian=f"Nell’indirizzo {_cited(name)} vuole {wanted}, non {_cited(text)}.",
    )


def not_among(name: str, text: str, choices: Iterable[str]) -> QueryError:
    """Return the refusal of *text* as the value of *name*, which is one of *choices*."""
    members = ", ".join(choices)
    return invalid(name, text, f"one of {members}", f"uno di questi: {members}")


def _member(name: str, text: str, kind: type[_Choice]) -> _Choice:
    try:
        return kind(text)
    except ValueError:
        raise not_among(name, text, kind) from None


def _hint(name: str, known: Collection[str]) -> str:
    if not known:
        return "; there are none here."
    close = get_close_matches(name.lower()[:50], known, n=1, cutoff=_ALIKE)
    return f": did you mean {close[0]}?" if close else f"; there are {', '.join(known)}."


def _shown(text: str) -> str:
    return repr(_short(text))


def _cited(text: str) -> str:
    return f"«{_short(text)}»"


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:50]}…"
