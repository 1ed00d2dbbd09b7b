"""Clauses → query DSL: which articles match exactly, and in about which order.

What a clause is worth stands in ranking.py. Lucene reckons it nearly: lengths in few bits, a
prefix as if it were worth the same everywhere, accents and capitals not at all, and articles that
were deleted still count until their segments are merged. The first hits are weighed anew, exactly
(weighing.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from indexer.engines import ranking
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
    Scope,
    Word,
)
from indexer.engines.expansion import lead
from indexer.engines.opensearch.entry import term
from indexer.engines.order import UNDATED
from indexer.italian import fold

Query = dict[str, Any]
FormsOf = Callable[[Fuzzy], tuple[str, ...]]
"""Tells the folded forms that a word with typing errors stands for (lexicon.py)."""

ALL: Query = {"match_all": {"boost": 0.0}}
NONE: Query = {"match_none": {}}

FORMS = {Scope.ARTICLE: ("forms",)} | {
    # An entry has one of the two (entry.py).
    scope: (f"{scope.value}_forms", f"{scope.value}_readings")
    for scope in Scope
    if scope is not Scope.ARTICLE
}
STEMS = {Scope.ARTICLE: "stems", Scope.TITLE: "title_stems", Scope.TEXT: "text_stems"}
PARTS = {Scope.ARTICLE: (Scope.TITLE, Scope.TEXT)}


def scoring(clause: Clause, forms_of: FormsOf) -> Query:
    """Return the query that finds *clause*, and scores about as ranking.py does."""
    match clause:
        case Word():
            return _any([_boosted(_wide_term(clause), clause.weight), _exact(clause)])
        case Prefix() | Fuzzy():
            return _any([wide(clause, forms_of), _exact(clause)])
        case Phrase(words, scope):
            alone = [Word(word.form, word.stem, scope, weight=word.weight) for word in words]
            return {
                "bool": {
                    "filter": [_together(clause)],
                    "should": [scoring(word, forms_of) for word in alone],
                }
            }
        case AllOf(clauses):
            held = [scoring(each, forms_of) for each in clauses if not isinstance(each, Not)]
            out = [filtering(each.clause, forms_of) for each in clauses if isinstance(each, Not)]
            return {"bool": {"must": held or [ALL], "must_not": out}}
        case AnyOf(clauses):
            return _any([scoring(each, forms_of) for each in clauses])
        case Is() | Between():
            return {"bool": {"filter": [filtering(clause, forms_of)]}}
        case Not(each):
            return {"bool": {"filter": [ALL], "must_not": [filtering(each, forms_of)]}}


def filtering(clause: Clause, forms_of: FormsOf) -> Query:
    """Return the query that finds *clause*, where nobody asks for scores."""
    match clause:
        case Is(field, values):
            return {"terms": {f"{field.value}_key": [term(fold(value)) for value in values]}}
        case Between(first, last):
            reach = {"gt": UNDATED}
            if first:
                reach = {"gte": _day(first)}
            if last:
                reach["lte"] = _day(last)
            return {"range": {"day": reach}}
        case _:
            return scoring(clause, forms_of)


def wide(clause: Word | Prefix | Fuzzy, forms_of: FormsOf) -> Query:
    """Return the query of the term that finds: the stem, or all forms as one."""
    match clause:
        case Word():
            return _wide_term(clause) or NONE
        case Prefix():
            begun = {"value": term(lead(clause))[:8_000]}
            return _any([{"prefix": {field: begun}} for field in FORMS[clause.scope]])
        case Fuzzy():
            forms = [term(form) for form in forms_of(clause)]
            return _any([{"terms": {field: forms}} for field in FORMS[clause.scope]])


def exact(clause: Word | Prefix | Fuzzy) -> Query:
    """Return the query of the term that prefers: the folded form."""
    return holding(term(fold(clause.form)), clause.scope)


def holding(form: str, scope: Scope) -> Query:
    """Return the query of a folded *form*."""
    return _any([{"term": {field: {"value": form}}} for field in FORMS[scope]])


def _exact(clause: Word | Prefix | Fuzzy) -> Query:
    weight = clause.weight if isinstance(clause, Word) else 1.0
    return _boosted(exact(clause), ranking.EXACT * weight)


def _wide_term(clause: Word) -> Query:
    if not clause.stem or clause.scope not in STEMS:
        return {}
    return {"term": {STEMS[clause.scope]: {"value": term(clause.stem)}}}


def _boosted(query: Query, weight: float) -> Query:
    if "bool" in query:
        return {"bool": {**query["bool"], "boost": weight}}
    return {
        kind: {name: {**asked, "boost": weight} for name, asked in named.items()}
        for kind, named in query.items()
    }


def _together(phrase: Phrase) -> Query:
    forms = " ".join(term(fold(word.form)) for word in phrase.words)
    return _any(
        [
            {"match_phrase": {field: {"query": forms, "analyzer": "words"}}}
            for part in PARTS.get(phrase.scope, (phrase.scope,))
            for field in FORMS[part]
        ]
    )


def _any(queries: list[Query]) -> Query:
    queries = [query for query in queries if query]
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else NONE


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
