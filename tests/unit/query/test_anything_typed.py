"""Whatever is typed is answered: by clauses, or by the one sentence that names a limit."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.contract import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Textual, Word
from service.limits import DEFAULTS
from service.query import Parsed, QueryError, parse

MAX_LENGTH, MAX_WORDS = DEFAULTS.query_length, DEFAULTS.query_words
MAX_DEPTH, MAX_PATTERNS = DEFAULTS.query_depth, DEFAULTS.query_patterns

PIECES = [
    *["piano", "pace", "dell'", "l’", "citta'", "Ivano-Frankivsk", "16:30", "U.S.A.", "il"],
    *["E", "O", "NON", "AND", "OR", "NOT", "(", ")", '"', "«", "»", "“", "”", "-", "*", "~", "~2"],
    *["titolo:", "testo:", "fonte:", "autore:", "tag:", "dal:", "al:", "2025-11-19"],
    *["novembre", "2025"],
    *[" ", " ", "  ", "\n", ":", ",", "…", "🙂", "<p>", "&", "\x00", "\u202e", "\ud800", "\u0301"],
]  # fmt: skip
MIXTURES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ANYTHING = st.text(st.characters(codec=None), max_size=200) | MIXTURES


def understood(text: str) -> Parsed | None:
    try:
        return parse(text)
    except QueryError:
        return None


def within(clause: Clause) -> list[Clause]:
    match clause:
        case AllOf(clauses) | AnyOf(clauses):
            return [clause, *chain.from_iterable(map(within, clauses))]
        case Not(inner):
            return [clause, *within(inner)]
    return [clause]


@given(ANYTHING)
@example('"')
@example("(((")
@example("<script>alert(1)</script>")
@example("🙂")
@example("NON" * 100)
@example("tıtolo:pace teſto:pace dal:ı")  # letters of other cases, to Unicode
def test_nothing_typed_raises_but_limits(text: str) -> None:
    understood(text)


@given(ANYTHING)
def test_no_article_is_asked_for_only_with_a_reason(text: str) -> None:
    parsed = understood(text)
    if parsed and any(clause == AnyOf(()) for clause in within(parsed.clause)):
        assert parsed.clause == AnyOf(())
        assert parsed.warnings


@given(ANYTHING)
def test_clauses_have_no_idle_layers_and_phrases_at_least_two_words(text: str) -> None:
    parsed = understood(text)
    for clause in within(parsed.clause) if parsed else []:
        if isinstance(clause, AllOf | AnyOf):
            assert len(clause.clauses) != 1
        if isinstance(clause, Phrase):
            assert len(clause.words) >= 2
            assert all(word.scope is clause.scope for word in clause.words)
        if isinstance(clause, Not):
            assert not isinstance(clause.clause, Not)


@given(ANYTHING)
def test_marks_are_among_the_clauses_and_each_once(text: str) -> None:
    parsed = understood(text)
    if parsed:
        asked = {clause for clause in within(parsed.clause) if isinstance(clause, Textual)}
        assert set(parsed.marks) <= asked
        assert len(set(parsed.marks)) == len(parsed.marks)


@given(st.lists(st.sampled_from(["piano", "Trump", "città", "l'accordo"]), min_size=1))
def test_bare_words_are_all_asked_for(words: list[str]) -> None:
    parsed = parse(" ".join(words))
    forms = {mark.form for mark in parsed.marks if isinstance(mark, Word)}
    assert forms == {word.split("'")[-1].lower() for word in words}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 10_000, "query-too-long"),
        ("a" * (MAX_LENGTH + 1), "query-too-long"),
        ("(a E " * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "query-too-deep"),
        (" ".join(map(str, range(MAX_WORDS + 1))), "query-too-many-words"),
        ('"' + " ".join(map(str, range(MAX_WORDS + 1))) + '"', "query-too-many-words"),
        (" ".join(f"a{number}*" for number in range(MAX_PATTERNS + 1)), "query-too-many-patterns"),
    ],
)
def test_limits_are_named_with_the_remedy(text: str, code: str) -> None:
    with pytest.raises(QueryError, match="allowed: ") as caught:
        parse(text)
    assert caught.value.code == code
    assert caught.value.status == 400
    assert "al massimo" in caught.value.italian


@pytest.mark.parametrize(
    "text",
    [
        "a" * MAX_LENGTH,
        "(" * 2_000,
        ")" * 2_000,
        "()" * 1_000,
        '"' * 2_000,
        "(a E " * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        " ".join(map(str, range(MAX_WORDS))),
        " ".join(f"a{number}*" for number in range(MAX_PATTERNS)),
        "-" * 2_000,
        "titolo:" * 280,
        "NON " * 500,
        "E " * 1_000,
        "dal:" * 500,
    ],
)
def test_the_largest_queries_are_understood(text: str) -> None:
    assert isinstance(parse(text), Parsed)


def test_patterns_of_two_letters_are_the_shortest() -> None:
    assert parse("ab*").clause == Prefix("ab")
    assert parse("a*").clause != Prefix("a")
