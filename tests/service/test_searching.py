"""Does GET /search answer what docs/api.md promises?"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient
from falcon.uri import parse_query_string
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.articles import Article
from indexer.engines.contract import Engine, Field, Is, Sort
from service.app import create_app
from service.limits import DEFAULTS
from service.resources.parameters import read_given
from service.resources.search import MOST_RESULTS, PARAMETERS, read_request
from service.search import SearchRequest, search
from service.settings import Settings

ARTICLES = [
    Article(
        id=f"{number:02}",
        title=f"Notizia {number:02}",
        text="Il consiglio comunale ha approvato il bilancio." if number % 2 else "Nevica a Roma.",
        date=f"2025-11-{number:02}",
        source="ANSA" if number <= 20 else "Agenzia Dire",
        author="Piero Però" if number % 3 == 0 else None,
        section="Politica",
        tags=("comune", "bilancio") if number % 2 else ("meteo",),
        url=f"https://example.org/{number}",
    )
    for number in range(1, 26)
]


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """An engine that holds twenty-five articles of as many days."""
    engine.write(ARTICLES)
    return engine


def ask(client: TestClient, *pairs: tuple[str, object], **parameters: object) -> dict[str, Any]:
    query = urlencode([*pairs, *parameters.items()])
    answer = client.simulate_get("/search", query_string=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [result["id"] for result in body["results"]]


def test_an_answer_holds_exactly_the_documented_fields(client: TestClient) -> None:
    body = ask(client, q="bilancio", limit=1, facets="source")
    assert body.pop("took_ms") >= 0
    (result,) = body.pop("results")
    assert body == {
        "query": "bilancio",
        "total": 13,
        "offset": 0,
        "limit": 1,
        "warnings": [],
        "suggestion": None,
        "next": "/search?q=bilancio&offset=1&limit=1&facets=source",
        "facets": {
            "source": [{"value": "ANSA", "count": 10}, {"value": "Agenzia Dire", "count": 3}]
        },
    }
    assert result.pop("score") > 0
    text = "Il consiglio comunale ha approvato il bilancio."
    start = text.index("bilancio")
    assert result == {
        "id": "25",
        "title": "Notizia 25",
        "title_html": "Notizia 25",
        "date": "2025-11-25",
        "source": "Agenzia Dire",
        "author": None,
        "section": "Politica",
        "tags": ["comune", "bilancio"],
        "url": "https://example.org/25",
        "explanation": None,
        "snippets": [
            {
                "html": "Il consiglio comunale ha approvato il <mark>bilancio</mark>.",
                "text": text,
                "marks": [[start, start + len("bilancio")]],
            }
        ],
    }


def test_the_answer_is_utf8_json_not_escaped_ascii(client: TestClient) -> None:
    answer = client.simulate_get("/search", query_string="q=per%C3%B2")
    assert answer.headers["content-type"] == "application/json"
    assert "però".encode() in answer.content


def test_head_says_what_get_would(client: TestClient) -> None:
    get = client.simulate_get("/search", query_string="q=bilancio&limit=2")
    head = client.simulate_head("/search", query_string="q=bilancio&limit=2")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["link"] == get.headers["link"]
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("query", ["", "q=", "q=++", "limit=5", "q=&source=&from=&sort=&page="])
def test_nothing_asked_lists_the_newest(client: TestClient, query: str) -> None:
    answer = client.simulate_get("/search", query_string=query)
    assert answer.json["total"] == 25
    assert ids(answer.json)[:3] == ["25", "24", "23"]


def test_following_next_walks_every_article_once(client: TestClient) -> None:
    path: str | None = "/search?limit=4&sort=date&tag=comune&tag=meteo&from=2025-11-01"
    seen: list[str] = []
    while path:
        answer = client.simulate_get(path.split("?")[0], query_string=path.split("?")[1])
        seen += ids(answer.json)
        path = answer.json["next"]
        assert (f'<{path}>; rel="next"' in answer.headers["link"]) == bool(path)
    assert seen == [article.id for article in ARTICLES]


def test_past_the_end_there_is_an_empty_list_and_the_same_total(client: TestClient) -> None:
    body = ask(client, q="bilancio", offset=1000)
    assert (body["total"], body["results"], body["next"]) == (13, [], None)


@pytest.mark.parametrize("limit", [1, 10, 13, 100])
def test_the_total_does_not_depend_on_the_page(client: TestClient, limit: int) -> None:
    body = ask(client, q="bilancio", limit=limit)
    assert body["total"] == 13
    assert len(body["results"]) == min(limit, 13)


def test_page_and_per_page_are_other_names_of_offset_and_limit(client: TestClient) -> None:
    assert ids(ask(client, page=3, per_page=4)) == ids(ask(client, offset=8, limit=4))
    assert ids(ask(client, page=2)) == ids(ask(client, offset=10))
    assert ids(ask(client, per_page=4)) == ids(ask(client, limit=4))


def test_the_operator_chooses_how_many_results_are_a_page(engine: Engine) -> None:
    client = TestClient(create_app(engine, Settings(page_size=7)))
    body = ask(client)
    assert (len(body["results"]), body["next"]) == (7, "/search?offset=7&limit=7")


@pytest.mark.parametrize(
    ("pairs", "total"),
    [
        ([("source", "ansa")], 20),
        ([("source", "ANSA"), ("source", "agenzia dire")], 25),
        ([("source", "ANSA"), ("author", "piero pero")], 6),
        ([("source", "AN")], 0),
        ([("tag", "meteo")], 12),
        ([("section", "POLITICA"), ("tag", "comune")], 13),
        ([("from", "2025-11-20")], 6),
        ([("to", "2025-11-20")], 20),
        ([("from", "20/11/2025"), ("to", "21 novembre 2025")], 2),
        ([("from", "novembre 2025"), ("to", "novembre 2025")], 25),
        ([("to", "2025-10")], 0),
        ([("to", "2025-10"), ("to", "3 nov 2025")], 3),
        ([("from", "24/11/25"), ("from", "2025-11-23")], 3),
        ([("from", "2025"), ("to", "2025")], 25),
    ],
)
def test_filters_are_alternatives_within_a_name_and_all_hold_across_names(
    client: TestClient, pairs: list[tuple[str, object]], total: int
) -> None:
    assert ask(client, *pairs)["total"] == total


@pytest.mark.parametrize(
    ("q", "filters"),
    [
        ("sezione:politica", {"section": "Politica"}),
        ("tag:meteo", {"tag": "meteo"}),
        ("argomento:(meteo bilancio) roma", {"q": "roma", "tag": ["meteo", "bilancio"]}),
        ('consiglio tag:"Comune"', {"q": "consiglio", "tag": "comune"}),
    ],
)
def test_a_field_in_the_query_filters_as_its_parameter_does(
    client: TestClient, q: str, filters: dict[str, Any]
) -> None:
    asked, filtered = ask(client, ("q", q)), ask(client, *pairs(filters))
    assert asked["total"] == filtered["total"] > 0
    assert ids(asked) == ids(filtered)
    excluded = ask(client, ("q", f"-({q})"))
    assert excluded["total"] == len(ARTICLES) - asked["total"]
    assert (asked["warnings"], asked["suggestion"]) == ([], None)


def test_a_filter_does_not_change_the_score(client: TestClient) -> None:
    everywhere = ask(client, q="bilancio", limit=100)["results"]
    scores = {result["id"]: result["score"] for result in everywhere}
    filtered = ask(client, q="bilancio", source="Agenzia Dire")["results"]
    assert len(filtered) == 3
    assert all(result["score"] == scores[result["id"]] for result in filtered)


@pytest.mark.parametrize(
    ("sort", "first"), [("-date", "25"), ("date", "01"), ("title", "01"), ("relevance", "25")]
)
def test_the_order_can_be_chosen(client: TestClient, sort: str, first: str) -> None:
    assert ids(ask(client, sort=sort))[0] == first


def test_facets_count_every_article_found_the_most_frequent_first(client: TestClient) -> None:
    body = ask(client, q="bilancio", facets="tag, source,tag", limit=1)
    assert body["facets"] == {
        "tag": [{"value": "bilancio", "count": 13}, {"value": "comune", "count": 13}],
        "source": [{"value": "ANSA", "count": 10}, {"value": "Agenzia Dire", "count": 3}],
    }


@pytest.mark.parametrize("sort", ["-date", "date", "title", None])
def test_a_cursor_walks_every_article_once_while_others_are_written(
    client: TestClient, engine: Engine, sort: str | None
) -> None:
    query = {"cursor": "*", "limit": 4, "source": ["ANSA", "Agenzia Dire"]}
    body = ask(client, *pairs(query | ({"sort": sort} if sort else {})))
    seen = ids(body)
    while body["next"]:
        new = Article(id=f"new{len(seen)}", title="Zebra", source="ANSA", date="2025-11-10")
        engine.write([new])
        engine.delete([seen[0]])
        path, _, following = body["next"].partition("?")
        body = client.simulate_get(path, query_string=following).json
        seen += ids(body)
    old = [each for each in seen if not each.startswith("new")]
    assert old == sorted((article.id for article in ARTICLES), reverse=sort in ("-date", None))
    assert len(seen) == len(set(seen))


def test_the_last_page_of_a_walk_has_no_next_even_when_it_is_full(client: TestClient) -> None:
    assert ask(client, cursor="*", limit=25)["next"] is None
    assert ask(client, cursor="*", limit=24)["next"]


def test_the_same_parameters_may_come_as_json(client: TestClient) -> None:
    asked = {"q": "bilancio", "limit": 2, "source": ["ANSA"], "facets": ["tag", "source"]}
    answer = client.simulate_post("/search", json=asked)
    body = ask(client, *pairs(asked))
    assert {**answer.json, "took_ms": 0} == {**body, "took_ms": 0}


def test_in_json_null_is_not_given_and_true_is_1(client: TestClient) -> None:
    asked = {"q": "bilancio", "explain": True, "variants": False, "limit": 2.0, "sort": None}
    answer = client.simulate_post("/search", json=asked | {"source": None, "cursor": None})
    body = ask(client, q="bilancio", explain=1, variants=0, limit=2)
    assert {**answer.json, "took_ms": 0} == {**body, "took_ms": 0}


def pairs(parameters: dict[str, Any]) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, values in parameters.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def test_no_snippets_are_made_where_none_are_wanted(client: TestClient) -> None:
    shown = ask(client, q="bilancio")["results"]
    without = ask(client, q="bilancio", snippets=0)["results"]
    assert without == [{**result, "snippets": []} for result in shown]
    assert len(without) == 10


def test_what_was_ignored_is_said(client: TestClient) -> None:
    assert ask(client, q="bilancio")["warnings"] == []
    body = ask(client, q="bilancio dal:boh")
    assert body["total"] == 13
    assert body["warnings"]


def test_markup_in_query_and_title_is_escaped_in_html_alone(
    client: TestClient, engine: Engine
) -> None:
    engine.write([Article(id="x", title="<b>Lupi</b> & lupe", text="<script>lupo</script>")])
    body = ask(client, q="<script>lupo</script>")
    assert body["query"] == "<script>lupo</script>"
    (result,) = (result for result in body["results"] if result["id"] == "x")
    assert result["title"] == "<b>Lupi</b> & lupe"
    assert "<b>" not in result["title_html"]
    assert "<script>" in result["snippets"][0]["text"]
    assert "<script>" not in result["snippets"][0]["html"]


def test_half_a_surrogate_pair_does_not_reach_the_answer(engine: Engine) -> None:
    assert search(engine, SearchRequest(q="neve \ud800")).query == "neve ?"


WORDS = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
REQUESTS = st.builds(
    SearchRequest,
    q=st.just("") | WORDS,
    offset=st.integers(0, DEFAULTS.offset),
    limit=st.integers(1, MOST_RESULTS),
    sort=st.sampled_from(Sort),
    filters=st.lists(st.sampled_from(Field), unique=True).flatmap(
        lambda names: st.tuples(
            *(
                st.builds(Is, st.just(name), st.lists(WORDS, min_size=1, max_size=3).map(tuple))
                for name in Field
                if name in names
            )
        )
    ),
    first=st.none() | DAYS,
    last=st.none(),
    facets=st.lists(st.sampled_from(Field), unique=True).map(tuple),
    snippets=st.integers(0, 5),
    snippet_length=st.integers(40, 1000),
)


@given(REQUESTS, st.none() | DAYS)
def test_the_path_of_a_request_asks_for_exactly_that(
    request: SearchRequest, last: date | None
) -> None:
    if not (request.first and last and request.first > last):
        request = replace(request, last=last)
    path, _, query = request.path().partition("?")
    assert path == "/search"
    assert query.isascii()
    given = parse_query_string(query, keep_blank=True)
    assert read_request(read_given(given, PARAMETERS), page_size=10) == request
