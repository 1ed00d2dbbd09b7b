"""Counts → choices, one click on and off; what is chosen is seen at once, and taken off there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.engines.contract import Field
from indexer.italian import fold
from service.page.links import Links
from service.page.wording import period
from service.search import Count

NAMES = {
    Field.SOURCE: "Fonte",
    Field.AUTHOR: "Autore",
    Field.SECTION: "Sezione",
    Field.TAG: "Argomento",
}
SHOWN = 6  # of the values of a field, the others on demand
MOST = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen, or is; following ``address`` changes that."""

    label: str
    count: int
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one name, those not ``shown`` on demand."""

    name: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; following ``address`` takes it off."""

    name: str
    value: str
    address: str


def groups(facets: Mapping[str, Sequence[Count]], links: Links) -> tuple[Group, ...]:
    """Return what the fields can be filtered by, those without values left out."""
    found = (_group(field, facets.get(field.value, ()), links) for field in Field)
    return tuple(group for group in found if group.shown)


def chips(links: Links) -> Iterator[Chip]:
    """Yield the filters in force, the period last."""
    for each in links.request.filters:
        for value in each.values:
            yield Chip(NAMES[each.field], value, links.toggled(each.field, value))
    first, last = links.request.first, links.request.last
    if first or last:
        yield Chip("Periodo", period(first, last), links.during(None, None))


def _group(field: Field, counts: Sequence[Count], links: Links) -> Group:
    chosen = {fold(value) for value in links.chosen(field)}
    choices = tuple(
        Choice(each.value, each.count, links.toggled(field, each.value), fold(each.value) in chosen)
        for each in counts[:MOST]
    )
    # What is chosen stays in sight, however few articles have it.
    ordered = sorted(choices, key=lambda choice: not choice.chosen)
    return Group(NAMES[field], tuple(ordered[:SHOWN]), tuple(ordered[SHOWN:]))
