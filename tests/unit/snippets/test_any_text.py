"""Whatever an article says and a reader asks: no match lost, none wrong, nothing unescaped."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.contract import Scope, Textual
from indexer.italian import analyse
from service.query import QueryError, parse
from service.snippets import Marked, mark, snippets
from service.snippets.finding import Match, find, phrases_among
from service.snippets.sought import seek

WORDS = [
    *["piano", "piani", "pace", "città", "citta'", "cittá", "dell’Ucraina", "ucraini", "l'accordo"],
    *["Ivano-Frankivsk", "cyber-attacco", "U.S.A.", "1.000", "28", "10%", "WhatsApp", "YouTube"],
    *["un po' di", "mezz'ora", "preside", "presenza", "presente", "uomo", "uomini", "Straße"],
    *["conoscenza", "perche'", "perché", "E'", "C++", "Зеленський", "Łódź", "🙂", "info@dire.it"],
    *["citta\u0300", "gover\u00adno", "governo", "'la sera'", "AT&T", "www.dire.it", "l’Œuvre"],
]
SIGNS = [*" .,;:!?…'’\"«»-–—()\n\t&<>*", ". ", "\n\n", "''", "\x00", "\u0301", "\u200d", "\ufb01"]
TEXTS = st.lists(st.sampled_from(WORDS) | st.sampled_from(SIGNS), max_size=60).map("".join)
SPACED = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=60).map(" ".join)
ANY_TEXT = TEXTS | SPACED | st.text(max_size=300)
SHAPES = ["{}", '"{}"', '"{} {}"', "{}*", "{}~", "{} {} {}", "testo:{} titolo:{}", "-{} {}"]
QUERIES = st.builds(
    lambda shape, words: shape.format(*words),
    st.sampled_from(SHAPES),
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=3),
)
INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
LENGTHS = st.integers(10, 300)


def asked(query: str) -> tuple[Textual, ...]:
    try:
        return parse(query).marks
    except QueryError:
        return ()


def plainly_found(text: str, query: str) -> list[Match]:
    sought, tokens = seek(asked(query), Scope.TEXT), analyse(text)
    words = {
        Match(token.start, token.end, *term)
        for token in tokens
        if (term := sought.term(token.form, token.stem))
    }
    return sorted(words.union(phrases_among(tokens, sought)))


def check_markup(found: Marked) -> None:
    bare = re.sub("</?mark>", "", found.html)
    assert not set(bare) & set("<>\"'")
    assert unescape(bare) == found.text
    places = [place for start_end in found.marks for place in start_end]
    assert places == sorted(places)
    marked = re.findall("<mark>(.*?)</mark>", found.html, re.DOTALL)
    assert [unescape(each) for each in marked] == [found.text[a:b] for a, b in found.marks]
    assert all(marked)
    assert not re.search(r"[\n\r\t]", found.text)


@given(ANY_TEXT, QUERIES | st.text(max_size=30), st.integers(1, 5), LENGTHS)
def test_snippets_are_escaped_and_their_marks_in_place(
    text: str, query: str, count: int, length: int
) -> None:
    found = snippets(text, asked(query), count=count, length=length)
    assert len(found) <= count
    assert bool(found) == bool(INVISIBLE.sub("", text))
    for snippet in found:
        check_markup(snippet)
        assert snippet.text.strip("… ") or not INVISIBLE.sub("", text.replace("…", ""))
    check_markup(mark(text, asked(query)))


@example("C++piano", "piano C++")
@given(ANY_TEXT, QUERIES | ANY_TEXT)
def test_searching_candidates_finds_what_analysing_everything_finds(text: str, query: str) -> None:
    assert find(text, seek(asked(query), Scope.TEXT)) == plainly_found(text, query)


@given(ANY_TEXT, QUERIES)
def test_every_match_is_marked_and_nothing_else(text: str, query: str) -> None:
    matches = plainly_found(text, query)
    covered = {place for match in matches for place in range(match.start, match.end)}
    whole = mark(text, asked(query), Scope.TEXT)
    marked_letters = sum(end - start for start, end in whole.marks)
    assert bool(marked_letters) == bool(covered)
    if not re.search(r"\s\s|[\x00-\x1f]", text):
        assert {place for start, end in whole.marks for place in range(start, end)} == covered


@given(ANY_TEXT, QUERIES, LENGTHS)
def test_where_the_text_matches_the_first_snippet_shows_it(
    text: str, query: str, length: int
) -> None:
    matches = plainly_found(text, query)
    first = snippets(text, asked(query), length=length)[:1]
    assert bool(matches) == any(snippet.marks for snippet in first)


@given(SPACED, QUERIES, st.integers(1, 5), LENGTHS)
def test_snippets_are_stretches_of_the_text_that_do_not_overlap(
    text: str, query: str, count: int, length: int
) -> None:
    line = INVISIBLE.sub(" ", text).strip()
    for snippet in snippets(text, asked(query), count=count, length=length):
        stretch = snippet.text.removeprefix("… ").removesuffix(" …").strip()
        assert stretch in line
        assert re.search(rf"(?:^|\s){re.escape(stretch)}(?:\s|$)", line), "a word is cut"
        assert len(stretch) <= max([length, *map(len, line.split())]) + 80
