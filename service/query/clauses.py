"""Clauses put together without idle layers: one clause alone stays itself, none is None."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.engines.contract import AllOf, AnyOf, Between, Clause, Not, Textual


def any_of(clauses: Iterable[Clause | None]) -> Clause | None:
    """Return the clause that holds where one of *clauses* does; repeated ones count once."""
    kept: dict[Clause, None] = {}
    for clause in clauses:
        if isinstance(clause, AnyOf):
            kept.update(dict.fromkeys(clause.clauses))
        elif clause is not None:
            kept[clause] = None
    if len(kept) <= 1:
        return next(iter(kept), None)
    return AnyOf(tuple(kept))


def all_of(clauses: Iterable[Clause | None]) -> Clause | None:
    """Return the clause that holds where all of *clauses* do."""
    kept: dict[Clause, None] = {}
    for clause in clauses:
        if isinstance(clause, AllOf):
            kept.update(dict.fromkeys(clause.clauses))
        elif clause is not None:
            kept[clause] = None
    if len(kept) <= 1:
        return next(iter(kept), None)
    return AllOf(tuple(kept))


def opposite(clause: Clause) -> Clause:
    """Return the clause that holds where *clause* does not."""
    return clause.clause if isinstance(clause, Not) else Not(clause)


def overlap(one: Between, other: Between) -> Between:
    """Return the days that lie in both."""
    firsts = [day for day in (one.first, other.first) if day]
    lasts = [day for day in (one.last, other.last) if day]
    return Between(max(firsts, default=None), min(lasts, default=None))


def musts(clause: Clause) -> tuple[Clause, ...]:
    """Return the clauses that must all hold where *clause* does; itself, where it is but one."""
    return clause.clauses if isinstance(clause, AllOf) else (clause,)


def leaves(clause: Clause, wanted: bool = True) -> Iterator[tuple[Textual, bool]]:
    """Yield the clauses over words, each with whether it is wanted or excluded."""
    match clause:
        case AllOf(clauses) | AnyOf(clauses):
            for inner in clauses:
                yield from leaves(inner, wanted)
        case Not(inner):
            yield from leaves(inner, not wanted)
        case _ if isinstance(clause, Textual):
            yield clause, wanted
