"""Do searches of the five seed articles find what a reader expects?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient

EVERY_SEED = {"000", "001", "002", "003", "004"}


def search(client: TestClient, q: str, **parameters: object) -> dict[str, Any]:
    answer = client.simulate_get("/search", query_string=urlencode({"q": q, **parameters}))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json
    return body


def found(client: TestClient, q: str) -> list[str]:
    """The first three letters of the ids found, best first."""
    return [result["id"][:3] for result in search(client, q)["results"]]


def marked(result: dict[str, Any]) -> list[str]:
    """The words marked in the snippets of a result."""
    return [
        snippet["text"][start:end]
        for snippet in result["snippets"]
        for start, end in snippet["marks"]
    ]


def test_piano_di_pace_finds_all_five_and_last_the_one_that_says_only_piano(
    seeds: TestClient,
) -> None:
    answer = search(seeds, "piano di pace")
    assert answer["total"] == 5
    assert answer["results"][-1]["id"].startswith("002")
    for result in answer["results"]:
        assert {word.lower() for word in marked(result)} & {"piano", "piani", "pace"}, result


def test_accordo_finds_it_behind_its_article_and_nowhere_else(seeds: TestClient) -> None:
    assert set(found(seeds, "accordo")) == {"000", "002", "003"}


def test_ucraini_finds_all_five_and_never_marks_the_elided_article(seeds: TestClient) -> None:
    answer = search(seeds, "ucraini", snippets=5, snippet_length=1000)
    assert {result["id"][:3] for result in answer["results"]} == EVERY_SEED
    html = " ".join(
        snippet["html"] for result in answer["results"] for snippet in result["snippets"]
    )
    assert "dell’<mark>Ucraina</mark>" in html
    assert "sull’<mark>Ucraina</mark>" in html


def test_a_phrase_finds_exactly_who_says_it_and_is_marked_whole(seeds: TestClient) -> None:
    answer = search(seeds, '"Wall Street Journal"')
    assert answer["total"] == 2
    for result in answer["results"]:
        assert "Wall Street Journal" in marked(result), result


@pytest.mark.parametrize("q", ["citta'", "citta", "CITTÀ", "citta’"])
def test_an_accent_may_be_typed_as_an_apostrophe_or_left_out(seeds: TestClient, q: str) -> None:
    assert found(seeds, "città")
    assert found(seeds, q) == found(seeds, "città")


def test_a_word_can_be_excluded(seeds: TestClient) -> None:
    wanted = set(found(seeds, "Zelensky"))
    unwanted = set(found(seeds, "Istanbul"))
    assert wanted & unwanted
    assert wanted - unwanted
    assert set(found(seeds, "Zelensky -Istanbul")) == wanted - unwanted


def test_an_author_can_be_asked_for(seeds: TestClient) -> None:
    assert found(seeds, "autore:Piccirillo") == ["003"]


def test_days_can_be_asked_for(seeds: TestClient) -> None:
    assert set(found(seeds, "dal:2025-11-19 al:2025-11-19")) == {"001", "003", "004"}


def test_a_number_can_be_asked_for(seeds: TestClient) -> None:
    results = search(seeds, "28", snippets=5)["results"]
    assert "28 punti" in " ".join(s["text"] for result in results for s in result["snippets"])
    assert all(set(marked(result)) == {"28"} for result in results)


@pytest.mark.parametrize(
    "q",
    [
        "<script>",
        '"',
        "(((",
        "😀",
        "\x00",
        "-",
        "*",
        "~",
        "titolo:",
        "E O NON",
        "dal:mai",
        ") OR (",
        "' OR 1=1 --",
        "\u202e\ufeff",
        "a" * 10_000,
        "a " * 900,
        "-a " * 600,
        "(" * 1_000,
        '"a ' * 600,
    ],
)
def test_whatever_is_typed_is_answered_politely(seeds: TestClient, q: str) -> None:
    answer = seeds.simulate_get("/search", query_string=urlencode({"q": q}))
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["detail"]
    else:
        assert answer.json["query"] == q


@pytest.mark.parametrize("query", ["q=%ED%A0%80+pace", "q=%FF+pace", "q=%ZZ+pace", "q=pace%00"])
def test_bytes_that_are_no_text_are_answered_politely(seeds: TestClient, query: str) -> None:
    answer = seeds.simulate_get("/search", query_string=query)
    assert answer.status_code == 200
    assert answer.json["total"] == len(found(seeds, "pace"))
