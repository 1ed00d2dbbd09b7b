"""Another spelling that would find more, from the index's own words.

    unknown      words of the query that no article holds; where almost nothing is found, rare ones
    readings     what may be meant: words a few edits away, the word in two, two words in one
    best         the more articles hold it, the likelier the error, the better it suits the others
    written      capitals and accents as articles write them
    unquoted     where no article holds a phrase, and its words are no errors: these without quotes

What the reader typed is searched all the same; who likes the suggestion searches for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from math import log, log1p
from typing import NamedTuple

from indexer.engines.contract import AllOf, Clause, Engine, Phrase, Scope, Textual, Word
from indexer.italian import Token, analyse, fold
from service.limits import DEFAULTS, Limits
from service.query import QueryError, parse
from service.search.typing import SLIPPED, cost
from service.search.written import as_written

FEW = 3  # fewer articles than these are almost nothing
SHORTEST = 4  # letters; three letters have too many neighbours
TWO_EDITS = 7  # letters from which two of them may be wrong
LIKELY = 0.7  # the cost of an error that is suggested where enough is found without the word
COMMONER = 10  # times as many articles hold what may be meant
PENALTY = 3.0  # one likely error weighs against 20 times as many articles
MOST_READINGS = 8  # asked for with the other words
MOST_OTHERS = 4
MOST_WORDS = 12  # longer queries name enough right words
FEWER_WORDS = 6  # where enough is found: of a whole question one word may well be unknown

_QUOTED = re.compile(
    r"""(?P<minus>-)?(?P<field>\w+:\s*)?(?P<quoted>["“”„][^"“”„]*["“”„]|«[^»]*»)"""
)


class Reading(NamedTuple):
    """What may be meant by the stretch from *start* to *end* of the query."""

    start: int
    end: int
    words: tuple[Word, ...]
    joint: str  # what stands between two words
    merit: float

    @property
    def clause(self) -> Clause:
        """What articles are asked for."""
        return self.words[0] if len(self.words) == 1 else Phrase(self.words)


def suggest(
    engine: Engine,
    q: str,
    marks: Sequence[Textual],
    total: int,
    limits: Limits = DEFAULTS,
    standing: Collection[str] = (),
) -> str | None:
    """Return another way to write *q*, which asks for *marks* and finds *total* articles.

    *standing* are forms known to stand in some article: nobody need ask for them.
    """
    if total >= FEW and _wanted(marks).issubset(standing):
        return None
    respelt = _respelt(engine, q, marks, total, limits, standing)
    if respelt is None and not total and any(isinstance(mark, Phrase) for mark in marks):
        unquoted = _QUOTED.sub(lambda phrase: _freed(engine, phrase, limits), q)
        return unquoted if unquoted != q and _finds(engine, unquoted, total, limits) else None
    return respelt


def _respelt(
    engine: Engine,
    q: str,
    marks: Sequence[Textual],
    total: int,
    limits: Limits,
    standing: Collection[str],
) -> str | None:
    tokens = _asked(q, marks)
    found_little = total < FEW
    if not 0 < len(tokens) <= (MOST_WORDS if found_little else FEWER_WORDS):
        return None
    held = _held(engine, tokens, standing, rare=found_little)
    suspects = [token for token in tokens if held[token] < FEW]
    if not suspects:
        return None
    others = [Word(t.form, t.stem) for t in tokens if held[t] >= FEW and t.stem][:MOST_OTHERS]
    readings = [
        best
        for token in suspects
        if (
            best := _best(
                engine,
                _readings(engine, token, tokens, q, held[token], bold=found_little),
                others,
                bold=found_little,
            )
        )
    ]
    suggestion = q
    end = len(q)
    for reading in sorted(readings, key=lambda reading: -reading.start):
        if reading.end <= end:  # two suspects may be meant as one word
            end = reading.start
            written = reading.joint.join(as_written(engine, word) for word in reading.words)
            suggestion = suggestion[: reading.start] + written + suggestion[reading.end :]
    if fold(suggestion) == fold(q) or not _finds(engine, suggestion, total, limits):
        return None
    return suggestion


def _freed(engine: Engine, phrase: re.Match[str], limits: Limits) -> str:
    """Return the words of a quoted *phrase* that no article holds, and any other as it is."""
    is_value = not parse(phrase[0], limits).marks  # of a section, which has no words
    if phrase["minus"] or is_value or any(engine.holding(parse(phrase["quoted"], limits).marks)):
        return phrase[0]
    words = phrase["quoted"][1:-1]
    return f"{phrase['field']}({words})" if phrase["field"] else words


def _asked(q: str, marks: Sequence[Textual]) -> list[Token]:
    """Return the words of *q* that are looked for in titles and texts as they stand."""
    wanted = _wanted(marks)
    by_place = {token.position: token for token in reversed(analyse(q))}
    return [token for _, token in sorted(by_place.items()) if token.form in wanted]


def _wanted(marks: Sequence[Textual]) -> set[str]:
    return {
        word.form
        for each in marks
        if each.scope not in (Scope.AUTHOR, Scope.SOURCE)
        for word in ((each,) if isinstance(each, Word) else getattr(each, "words", ()))
    }


def _held(
    engine: Engine, tokens: Sequence[Token], standing: Collection[str], *, rare: bool
) -> dict[Token, int]:
    """Return how many articles hold each token, FEW standing for any number of them."""
    held = {}
    for token in tokens:
        if token.form in standing and not rare:
            held[token] = FEW
            continue
        form = fold(token.form)
        held[token] = engine.forms_near(form, 0).get(form, 0)
        if held[token] == 0 or (rare and held[token] < FEW):
            (held[token],) = engine.holding([Word(token.form, token.stem)])
        elif not rare:
            held[token] = FEW
    return held


def _readings(
    engine: Engine, token: Token, tokens: Sequence[Token], q: str, held: int, *, bold: bool
) -> Iterator[Reading]:
    form = fold(token.form)
    if len(form) < SHORTEST or not form.isalpha():
        return
    enough = max(1, held * COMMONER) if bold else FEW
    edits = 2 if bold and len(form) >= TWO_EDITS else 1
    for its, articles in engine.forms_near(form, edits).items():
        if articles < enough or its == form or not its.isalpha():
            continue
        error = cost(form, its)
        if bold or error <= LIKELY:
            merit = log(articles) - PENALTY * error
            yield Reading(token.start, token.end, (Word(its, None),), "", merit)
    yield from _split(engine, token, form, enough)
    for one, other in pairwise(tokens):
        if token in (one, other) and not q[one.end : other.start].strip():
            yield from _joined(engine, one, other, enough)


def _split(engine: Engine, token: Token, form: str, enough: int) -> Iterator[Reading]:
    pairs = [
        ((Word(form[:place] + sign, None), Word(form[place:], None)), joint)
        for place in range(2, len(form) - 1)
        for sign, joint in (("", " "), ("'", ""))
    ]
    halves = list(dict.fromkeys(word for words, _ in pairs for word in words))
    known = {word for word, held in zip(halves, engine.holding(halves), strict=True) if held}
    pairs = [(words, joint) for words, joint in pairs if known.issuperset(words)]
    for (words, joint), articles in zip(
        pairs, engine.holding([Phrase(words) for words, _ in pairs]), strict=True
    ):
        if articles >= enough:
            merit = log(articles) - PENALTY * SLIPPED
            yield Reading(token.start, token.end, words, joint, merit)


def _joined(engine: Engine, one: Token, other: Token, enough: int) -> Iterator[Reading]:
    form = fold(one.form + other.form)
    articles = engine.forms_near(form, 0).get(form, 0)
    if articles >= enough:
        merit = log(articles) - PENALTY * SLIPPED
        yield Reading(one.start, other.end, (Word(form, None),), "", merit)


def _best(
    engine: Engine, readings: Iterator[Reading], others: Sequence[Clause], *, bold: bool
) -> Reading | None:
    """Return the reading with the greatest merit, counting the articles it shares with *others*.

    Unless *bold*, it shares some.
    """
    first = sorted(readings, key=lambda reading: -reading.merit)[:MOST_READINGS]
    together = [AllOf((reading.clause, other)) for reading in first for other in others]
    shared = engine.holding(together)
    company = [
        sum(map(log1p, shared[n * len(others) : (n + 1) * len(others)])) for n in range(len(first))
    ]
    fitting = [
        (reading.merit + suits, reading)
        for reading, suits in zip(first, company, strict=True)
        if bold or suits or not others
    ]
    return max(fitting, default=(0.0, None), key=lambda pair: pair[0])[1]


def _finds(engine: Engine, suggestion: str, total: int, limits: Limits) -> bool:
    try:
        (found,) = engine.holding([parse(suggestion, limits).clause])
    except QueryError:  # a longer query than is allowed
        return False
    return found > 0 and found >= total
