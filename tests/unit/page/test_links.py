"""Do links lead to searches that GET /search takes as well, and are they one click on and off?"""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.contract import Field, Is, Sort
from service.page.links import Links, article_address
from service.resources.parameters import read_given
from service.resources.search import PARAMETERS, read_request
from service.search import SearchRequest

SIZE = 10
# What a parameter may hold: it is stripped of nothing, but a blank one counts as not given.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    first, last = sorted([draw(DAYS), draw(DAYS)])
    values = {field: draw(st.lists(TEXTS, max_size=3)) for field in Field}
    return SearchRequest(
        q=draw(TEXTS | st.just("")),
        offset=draw(st.integers(0, 1_000)),
        limit=draw(st.integers(1, 100)),
        sort=draw(st.sampled_from(Sort)),
        filters=tuple(Is(field, tuple(each)) for field, each in values.items() if each),
        first=draw(st.none() | st.just(first)),
        last=draw(st.none() | st.just(last)),
        variants=draw(st.booleans()),
        snippets=draw(st.integers(0, 5)),
        snippet_length=draw(st.integers(40, 1_000)),
    )


def read(address: str) -> SearchRequest:
    parts = urlsplit(address)
    assert parts.path == "/"
    given = {name: values for name, values in parse_qs(parts.query).items()}
    return read_request(read_given(given, PARAMETERS), SIZE)


@given(requests())
def test_an_address_asks_for_exactly_the_search_it_was_made_of(request: SearchRequest) -> None:
    assert read(Links(request, SIZE).address()) == request


@given(requests(), st.sampled_from(Field), TEXTS)
def test_a_second_click_takes_back_the_first(
    request: SearchRequest, field: Field, value: str
) -> None:
    links = Links(request, SIZE)
    once = read(links.toggled(field, value))
    assert (value in Links(once, SIZE).chosen(field)) == (value not in links.chosen(field))
    assert once.offset == 0
    if value not in links.chosen(field):
        twice = read(Links(once, SIZE).toggled(field, value))
        assert set(Links(twice, SIZE).chosen(field)) <= set(links.chosen(field))


def test_case_and_accents_do_not_make_a_second_filter() -> None:
    request = SearchRequest(filters=(Is(Field.SOURCE, ("la città",)),))
    assert Links(request, SIZE).toggled(Field.SOURCE, "La Citta") == "/"


def test_what_goes_without_saying_is_not_said() -> None:
    assert Links(SearchRequest(), SIZE).address() == "/"
    assert Links(SearchRequest(q="pace"), SIZE).address() == "/?q=pace"
    assert Links(SearchRequest(q="pace", offset=10), SIZE).at(0) == "/?q=pace"


def test_a_form_keeps_what_it_does_not_ask_and_begins_at_the_first_page() -> None:
    request = SearchRequest(
        q="pace", offset=30, sort=Sort.NEWEST, filters=(Is(Field.SOURCE, ("A", "B")),)
    )
    kept = [("source", "A"), ("source", "B"), ("sort", "-date")]
    assert Links(request, SIZE).hidden("q") == kept


@pytest.mark.parametrize(
    ("article_id", "q", "address"),
    [
        ("a", "", "/articles/a"),
        ("a b?c#d%è", "", "/articles/a%20b%3Fc%23d%25%C3%A8"),
        ("a", "piano & pace", "/articles/a?q=piano+%26+pace"),
        ("a", "  ", "/articles/a"),
    ],
)
def test_an_article_has_an_address_whatever_its_id(article_id: str, q: str, address: str) -> None:
    assert article_address(article_id, q) == address
