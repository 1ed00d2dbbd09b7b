"""The other spellings of the names a reader asks for: Kyiv for Kiev, Zelenskyy for Zelensky.

    names.tsv   spellings that people have listed, wherever the index holds them
    lookalikes  of a name that hardly any article holds, no more frequent words one edit away that
                stand beside the same telling word: Driscoli beside Driscoll

A variant scores less than the name as asked. What stands in quotes, or is excluded, has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from indexer.engines import ranking
from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Clause,
    Engine,
    Query,
    Scope,
    Textual,
    Word,
)
from indexer.italian import analyse, fold
from service.query import Parsed
from service.snippets import mark

WEIGHT = 0.6  # of a variant, against the name as asked
FEW = 3  # as many articles or more hold a name well enough known to be spelt
SHORTEST = 6  # letters of a name that is looked for misspelt
WITNESSES = 3  # articles whose words around a name are compared
AROUND = 4  # words on either side
TELLING = 0.02  # of all articles hold at most that a word beside both: the name is the same one


class Variant(NamedTuple):
    """Another spelling, as it is shown, and the form it is a spelling of."""

    name: str
    asked: str


class Widened(msgspec.Struct, frozen=True):
    """A query with variants, by their folded forms."""

    parsed: Parsed
    variants: Mapping[str, Variant] = msgspec.field(default_factory=dict)

    def without(self) -> tuple[Textual, ...]:
        """Return the marks that have no variants and are none."""
        asked = {variant.asked for variant in self.variants.values()}
        return tuple(
            mark
            for mark in self.parsed.marks
            if not (isinstance(mark, Word) and (mark.weight != 1 or mark.form in asked))
        )

    def warnings(self) -> tuple[str, ...]:
        """Return the query's warnings, and the Italian sentence that names the variants."""
        names = ", ".join(variant.name for variant in self.variants.values())
        own = (f"Incluse varianti: {names}.",) if names else ()
        return (*self.parsed.warnings, *own)


def widen(engine: Engine, parsed: Parsed) -> Widened:
    """Return *parsed* with the other spellings of its names that *engine* holds."""
    return _with(engine, _with(engine, Widened(parsed), _listed), _lookalikes)


def _with(
    engine: Engine, widened: Widened, variants_of: Callable[[Engine, Word], Iterable[str]]
) -> Widened:
    found = dict(widened.variants)
    added: list[Word] = []

    def wider(clause: Clause) -> Clause:
        match clause:
            case Word(_, stem, scope) if stem and clause.weight == 1 and scope in _SCOPES:
                own = []
                for name in variants_of(engine, clause):
                    word = _word(engine, name, clause)
                    if word and fold(word.form) not in found:
                        own.append(word)
                        found[fold(word.form)] = Variant(name, clause.form)
                added.extend(own)
                return AnyOf((clause, *own)) if own else clause
            case AllOf(clauses):
                inner = [wider(each) for each in clauses]
                return AllOf(tuple(inner)) if added else clause
            case AnyOf(clauses):
                inner = [wider(each) for each in clauses]
                if not added:
                    return clause
                # One layer, as the query had: engines are quickest with plain words.
                return AnyOf(tuple(each for one in inner for each in _alternatives(one)))
            case _:
                return clause

    parsed = widened.parsed
    clause = wider(parsed.clause)
    if not added:
        return widened
    marks = tuple(dict.fromkeys((*parsed.marks, *added)))
    return Widened(replace(parsed, clause=clause, marks=marks), found)


_ROMAN = frozenset("ivxlcdm")
_SCOPES = (Scope.ARTICLE, Scope.TITLE, Scope.TEXT)


def _alternatives(clause: Clause) -> tuple[Clause, ...]:
    return clause.clauses if isinstance(clause, AnyOf) else (clause,)


def _word(engine: Engine, variant: str, asked: Word) -> Word | None:
    """Return *variant* as a word of the query, unless it is found by the one *asked* anyway."""
    token = analyse(variant)[0]
    if token.stem == asked.stem or fold(token.form) == fold(asked.form):
        return None
    word = Word(token.form, token.stem, asked.scope, asked.capital)
    everything, own, others = engine.holding([EVERYTHING, asked, word])
    # A seldom spelling would score more than the name itself: it is as telling as that at most.
    telling = ranking.idf(everything, own) / ranking.idf(everything, others)
    return replace(word, weight=WEIGHT * min(1.0, telling))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Folded spelling → the other spellings."""
    table = files("service.search").joinpath("names.tsv").read_text(encoding="utf-8")
    names: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        spellings: dict[str, str] = {}
        for name in line.split("\t"):
            spellings.setdefault(fold(analyse(name)[0].form), name)
        for own in spellings:
            names[own] = tuple(name for its, name in spellings.items() if its != own)
    return names


def _listed(engine: Engine, word: Word) -> Iterable[str]:
    for variant in _names().get(fold(word.form), ()):
        form = fold(analyse(variant)[0].form)
        if engine.forms_near(form, 0):
            yield variant


def _lookalikes(engine: Engine, word: Word) -> Iterable[str]:
    form = fold(word.form)
    if not word.capital or len(form) < SHORTEST or _ROMAN.issuperset(form):
        return
    if not 0 < engine.forms_near(form, 0).get(form, 0) < FEW:
        return
    near = engine.forms_near(form, 1)
    alike = [
        its
        for its, articles in near.items()
        if its != form and its[0] == form[0] and articles <= near.get(form, 0)
    ]
    around = _around(engine, form) if alike else set()
    for its in alike:
        if _telling(engine, around & _around(engine, its)):
            yield its.capitalize()


def _telling(engine: Engine, stems: Iterable[str]) -> bool:
    """Tell whether one of *stems* stands in few articles: no «via», no «anno», which all share."""
    everything, *holding = engine.holding([EVERYTHING, *(Word(stem, stem) for stem in stems)])
    return any(articles <= max(FEW, TELLING * everything) for articles in holding)


def _around(engine: Engine, form: str) -> set[str]:
    """Return the stems around *form*, where it stands as a name; none where it is a word."""
    stems: set[str] = set()
    for hit in engine.search(Query(Word(form, None)), limit=WITNESSES).hits:
        shown = mark(hit.article.text, (Word(form, None),))
        text = shown.text
        for start, end in shown.marks:
            if not text[start].isupper():
                return set()
            stems.update(_stems(text[max(0, start - 12 * AROUND) : start])[-AROUND:])
            stems.update(_stems(text[end : end + 12 * AROUND])[:AROUND])
    return stems


def _stems(text: str) -> list[str]:
    return [token.stem for token in analyse(text) if token.stem]
