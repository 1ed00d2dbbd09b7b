"""Why nothing is found, in an Italian sentence: an empty page never stays without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from indexer.engines.contract import (
    AnyOf,
    Clause,
    Engine,
    Field,
    Is,
    Phrase,
    Scope,
    Textual,
    Word,
)
from service.query import Parsed
from service.query.clauses import musts

MOST_NAMED = 5

_FIELDS = {
    Field.SOURCE: "la fonte",
    Field.AUTHOR: "l’autore",
    Field.SECTION: "la sezione",
    Field.TAG: "l’argomento",
}
_WITHOUT = {
    Scope.ARTICLE: "Nessun articolo contiene",
    Scope.TITLE: "Nessun titolo contiene",
    Scope.TEXT: "Nessun testo contiene",
    Scope.SOURCE: "Nessuna fonte si chiama",
    Scope.AUTHOR: "Nessun autore si chiama",
}
_Asked = TypeVar("_Asked", bound=Clause)


def why_nothing(engine: Engine, parsed: Parsed) -> tuple[str, ...]:
    """Return what no article holds, of a query that no article answers.

    Of a query that asks for nothing its own warnings have told that.
    """
    if parsed.clause == AnyOf(()):
        return ()
    asked = [mark for mark in parsed.marks if not (isinstance(mark, Word) and mark.weight != 1)]
    missing = _unheld(engine, asked)
    reasons = []
    for scope, without in _WITHOUT.items():
        if unheld := [mark for mark in missing if mark.scope is scope]:
            reasons.append(f"{without} {_named(unheld)}.")
    values = [must for must in musts(parsed.clause) if isinstance(must, Is)]
    for value in _unheld(engine, values):
        reasons.append(f"Nessun articolo ha {_FIELDS[value.field]} «{value.values[0]}».")
    return tuple(reasons) or ("Nessun articolo soddisfa insieme tutto quello che è chiesto.",)


def _unheld(engine: Engine, clauses: Sequence[_Asked]) -> list[_Asked]:
    held = engine.holding(clauses)
    return [clause for clause, articles in zip(clauses, held, strict=True) if not articles]


def _named(missing: Sequence[Textual]) -> str:
    names = dict.fromkeys(
        " ".join(word.form for word in mark.words) if isinstance(mark, Phrase) else mark.form
        for mark in missing
    )
    named = ", ".join(f"«{name}»" for name in list(names)[:MOST_NAMED])
    return named if len(names) <= MOST_NAMED else f"{named} …"
