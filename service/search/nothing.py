"""Why nothing is found, in an Italian sentence: an empty page never stays without a reason."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.contract import AnyOf, Engine, Phrase, Textual, Word
from service.query import Parsed

MOST_NAMED = 5


def why_nothing(engine: Engine, parsed: Parsed) -> tuple[str, ...]:
    """Return what no article holds, of a query that no article answers.

    Of a query that asks for nothing its own warnings have told that.
    """
    if parsed.clause == AnyOf(()):
        return ()
    asked = [mark for mark in parsed.marks if not (isinstance(mark, Word) and mark.weight != 1)]
    held = engine.holding(asked)
    missing = [mark for mark, articles in zip(asked, held, strict=True) if not articles]
    if not missing:
        return ("Nessun articolo soddisfa insieme tutto quello che è chiesto.",)
    return (f"Nessun articolo contiene {_named(missing)}.",)


def _named(missing: Sequence[Textual]) -> str:
    names = dict.fromkeys(
        " ".join(word.form for word in mark.words) if isinstance(mark, Phrase) else mark.form
        for mark in missing
    )
    named = ", ".join(f"«{name}»" for name in list(names)[:MOST_NAMED])
    return named if len(names) <= MOST_NAMED else f"{named} …"
