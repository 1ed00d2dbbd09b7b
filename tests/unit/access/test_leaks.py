"""Does no key pass by way of an address?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.leaks import holds_key, without_keys


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "KEY",
        "api_key",
        "apikey",
        "apiKey",
        "api-key",
        "X-API-Key",
        "access_token",
        "token",
        "%6Bey",
        "api%5Fkey",
        "auth_token",
        "Authorization",
    ],
)
@pytest.mark.parametrize(
    "shape",
    [
        "{0}=SECRET",
        "q=pace&{0}=SECRET",
        "{0}=SECRET&q=a",
        "q=a;{0}=SECRET",
        "{0}=SECRET==",
    ],
)
def test_what_is_named_as_keys_are_is_found_and_hidden(name: str, shape: str) -> None:
    query = shape.format(name)
    assert holds_key(query)
    assert "SECRET" not in without_keys(query)
    assert ("q=pace" in without_keys(query)) == ("q=pace" in query)


@pytest.mark.parametrize(
    "query",
    ["", "q=key", "q=api_key", "q=chiave&limit=3", "keyword=a", "q=token&tag=auth", "q=100%25"],
)
def test_other_parameters_stay_as_they_are(query: str) -> None:
    assert not holds_key(query)
    assert without_keys(query) == query


@given(st.text())
def test_any_query_can_be_looked_at(query: str) -> None:
    assert holds_key(query) or without_keys(query) == query
