"""The forms of a verb that its stem does not find: «letto» of «leggere», «ha» of «avere».

They are first of all another word, or one that says nothing, so they score little; what stands in
quotes, or is excluded, has none.
"""

from __future__ import annotations

from msgspec.structs import replace

from indexer.engines.contract import AllOf, AnyOf, Clause, Scope, Word
from indexer.italian import fold, homographs
from service.query import Parsed
from service.query.clauses import all_of, any_of

SECOND = 0.3  # what such a form is worth, against one that the stem finds

_SCOPES = (Scope.ARTICLE, Scope.TITLE, Scope.TEXT)


def inflect(parsed: Parsed, q: str) -> Parsed:
    """Return *parsed*, which *q* means, with those forms; of a stop word only where it is all."""
    added: dict[Word, None] = {}

    def wider(clause: Clause) -> Clause | None:
        match clause:
            case Word(form, stem, scope) if clause.weight == 1 and scope in _SCOPES:
                meant = stem is not None or fold(form) == fold(q.strip())
                seconds = _seconds(clause) if meant else ()
                added.update(dict.fromkeys(seconds))
                return any_of([clause, *seconds]) if seconds else clause
            case AllOf(clauses) if clauses:
                wide = [wider(each) for each in clauses]
                return all_of(wide) if added else clause
            case AnyOf(clauses) if clauses:
                wide = [wider(each) for each in clauses]
                return any_of(wide) if added else clause
        return clause

    clause = wider(parsed.clause)
    if clause is None or not added:
        return parsed
    return replace(parsed, clause=clause, marks=(*parsed.marks, *added))


def _seconds(word: Word) -> list[Word]:
    return [Word(form, None, word.scope, weight=SECOND) for form in homographs(word.form)]
