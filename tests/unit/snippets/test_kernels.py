"""Do the kernels in C make the snippets that Python makes, of whatever is written?"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.articles import Article
from service.query import QueryError, parse
from service.snippets import Shown, native, show
from service.snippets.candidates import Candidates, Readable
from service.snippets.cutting import cut_all
from service.snippets.finding import Match, places_of
from service.snippets.joined import Joined
from service.snippets.native import reading

WORDS = [
    *["piano", "piani", "pace", "città", "citta'", "dell’Ucraina", "U.S.A.", "1.000", "1'000"],
    *["WhatsApp", "un po' di", "C++", "10%", "Зеленський", "gli dei", "GLI DEI", "'la sera'"],
    *["sig.", "Sig.", "p.", "i.e.", "ecc.\n", "abbreviato.", "12.", "Elettrizzante.", "Straße"],
    *["parola" * 30, "è", "Ò", "1\u0301", "x\u0301\u0302", "\u212a.", "a-b-c", "l'l'l'", "AAAA"],
]
SIGNS = [
    *[*" .,;:!?…'’\"«»-–—()[]•\n\t&<>_`", ". ", ".» ", "\n\n", " \n", "  ", "''", "\x00", "\x85"],
    *["\u0301", "\u200d", "\ufe0f", "\u3000", "\ud800", "\udfff", "🙂", "\U0010ffff", "÷", "."],
]
CHARACTERS = st.characters() | st.sampled_from([*"\ud800\udfff'. \n.aeiou"])
TEXTS = (
    st.lists(st.sampled_from(WORDS) | st.sampled_from(SIGNS), max_size=80).map("".join)
    | st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=80).map(" ".join)
    | st.text(CHARACTERS, max_size=300)
)
SHAPES = ["{}", '"{}"', '"{} {}"', "{}*", "{}~", "{} {} {}", "testo:{} titolo:{}", "{} {}*"]
QUERIES = st.builds(
    lambda shape, words: shape.format(*words),
    st.sampled_from(SHAPES),
    st.lists(st.sampled_from([*WORDS, "a", "pia"]), min_size=3, max_size=3),
)
LENGTHS = st.integers(1, 40) | st.integers(40, 400)


@pytest.fixture(scope="module", autouse=True)
def made_by() -> str:
    """Hide no library from what compares both."""
    return "both"


@pytest.fixture(scope="module")
def kernels() -> ctypes.CDLL:
    """The kernels."""
    found = native.library()
    if not found:
        pytest.skip("there was no C compiler")
    return found


def by_python(
    articles: Sequence[Article], query: str, count: int, length: int
) -> tuple[list[Shown], list[Shown]]:
    """Return what is shown by the kernels, and by Python."""
    try:
        marks = parse(query).marks
    except QueryError:
        marks = ()
    ours = show(articles, marks, count=count, length=length)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "library", lambda: None)
        return ours, show(articles, marks, count=count, length=length)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=4),
    QUERIES,
    st.integers(0, 5),
    LENGTHS,
)
@example([("", "", False), ("a", "", True)], "a", 1, 40)
@example([("", "x. " * 90 + "piano 1\u0301 " * 300, False)], "piano 1", 5, 200)
@example([("T", "\n" * 900 + "piano.\n\npace" + " " * 900, False)], "piano pace", 2, 60)
def test_a_page_is_shown_alike(
    kernels: ctypes.CDLL,
    written: list[tuple[str, str, bool]],
    query: str,
    count: int,
    length: int,
) -> None:
    articles = [
        Article(id="1", title=title, text=text, title_derived=derived)
        for title, text, derived in written
    ]
    ours, its = by_python(articles, query, count, length)
    assert ours == its


def test_characters_are_learnt_where_nothing_is_sought(kernels: ctypes.CDLL) -> None:
    # Each block of them is met here for the first time.
    text = "".join(f"{chr(0x1F000 + 256 * block)} \udfff. " for block in range(-9, 9))
    ours, its = by_python([Article(id="1", title=text, text=text)], "", 1, 90)
    assert ours == its


BEGINNINGS = st.lists(
    st.text("abcdeilpi19", min_size=1, max_size=10).map(str.encode), min_size=1, max_size=40
)


@given(st.lists(TEXTS, min_size=1, max_size=4), BEGINNINGS)
def test_the_same_candidates_are_found(
    kernels: ctypes.CDLL, texts: list[str], beginnings: list[bytes]
) -> None:
    def found(readable: Readable | reading.Readable) -> list[tuple[int, int, str]]:
        given = readable.candidates(beginnings)
        rows = zip(*(each.tolist() for each in given[:3]), strict=True)
        return [(text, offset, given.written[number]) for text, offset, number in rows]

    joined = Joined(texts)
    assert found(reading.Readable(kernels, joined)) == found(Readable(joined))


def test_what_is_written_alike_is_told_once(kernels: ctypes.CDLL) -> None:
    texts = Joined(["piano " * 5_000, "piani piano"])
    found: Candidates = reading.Readable(kernels, texts).candidates([b"pian"])
    assert found.written == ["piano", "piani"]
    assert found.numbers.tolist() == [*[0] * 5_000, 1, 0]


@given(TEXTS, st.data(), st.integers(1, 4), LENGTHS)
def test_any_matches_are_cut_alike(
    kernels: ctypes.CDLL, text: str, data: st.DataObject, count: int, length: int
) -> None:
    places = st.integers(0, len(text))
    match = st.tuples(places, places, st.integers(0, 5), st.booleans()).map(
        lambda each: Match(min(each[:2]), max(each[:2]), *each[2:])
    )
    matches = places_of([sorted(data.draw(st.lists(match, max_size=40)))])
    ours = cut_all(Joined([text]), matches, [count], length, 6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "library", lambda: None)
        assert ours == cut_all(Joined([text]), matches, [count], length, 6)


@pytest.mark.parametrize(
    "match",
    [Match(-1, 1, 0, True), Match(0, 4, 0, True), Match(2, 1, 0, True), Match(0, 1, 1, True)],
)
def test_a_match_outside_its_text_is_refused(kernels: ctypes.CDLL, match: Match) -> None:
    with pytest.raises(ValueError, match="outside"):
        cut_all(Joined(["abc", "abcdef"]), places_of([[match], []]), [1, 1], 40, 1)
