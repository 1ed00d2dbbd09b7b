"""How a clause is scored in one pass over the postings of its words, where it can be."""

from __future__ import annotations

from typing import NamedTuple, TypeGuard

from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Prefix,
    Word,
)
from indexer.engines.whoosh import field_words

_MOST_GROUPS = 100


class Plan(NamedTuple):
    """A clause that holds where one word of each group does, and all conditions.

    Or, where there is one, a form of *expanded*, of which the group is the word as it was typed:
    who holds that holds a form.
    """

    groups: tuple[tuple[Word, ...], ...]
    conditions: tuple[Clause, ...]
    expanded: Prefix | Fuzzy | None = None


def in_postings(clause: Clause) -> TypeGuard[Word]:
    """Tell whether *clause* is a word of titles and texts: others have no postings of their own."""
    return type(clause) is Word and clause.scope not in field_words.FIELD_OF


def plan_of(clause: Clause) -> Plan | None:
    """Return how *clause* is scored in one pass over its words' postings, None where it asks more.

    Where a phrase holds, its words score; it is a condition of which they are a group.
    """
    groups: list[tuple[Word, ...]] = []
    conditions: list[Clause] = []
    expanded: Prefix | Fuzzy | None = None
    for each in clause.clauses if isinstance(clause, AllOf) else (clause,):
        if in_postings(each):  # told apart first, since most are
            groups.append((each,))
            continue
        match each:
            case Is() | Between() | Not():
                conditions.append(each)
                continue
            case AnyOf(alternatives):
                words: tuple[Clause, ...] = alternatives
            case Phrase():
                conditions.append(each)
                words = each.scoring
            case Prefix(form, scope) | Fuzzy(form, scope=scope):
                expanded = each
                words = (Word(form, None, scope),)
            case _:
                return None
        group = tuple(filter(in_postings, words))
        if not group or len(group) < len(words):
            return None
        groups.append(group)
    if not 0 < len(groups) <= (1 if expanded else _MOST_GROUPS):
        return None
    return Plan(tuple(groups), tuple(conditions), expanded)
