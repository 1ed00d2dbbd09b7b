"""Does the service tell, as one types, what the index knows?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine
from tests.engines.memory import MemoryEngine

ARTICLES = [
    Article(
        id="1",
        title="Il piano di pace",
        text="Parla di Pace\n\nZelensky: il piano. La città aspetta, perché Zelensky aspetta.",
        source="Agenzia DIRE",
        author="Anna Pacelli",
        date="2025-11-19",
    ),
    Article(id="2", title="Un piano di pacificazione", text="E i pacchi?", source="Panorama"),
    Article(id="3", title="Pacchi in ritardo", text="I pacchi, i pacchi!", source="Agenzia DIRE"),
]


@pytest.fixture
def engine() -> Engine:
    engine = MemoryEngine()
    engine.write(ARTICLES)
    return engine


def ask(client: TestClient, q: str, **parameters: object) -> Any:
    answer = client.simulate_get("/suggest", query_string=urlencode({"q": q, **parameters}))
    assert answer.status_code == 200, answer.text
    return answer.json


def words(body: dict[str, Any]) -> list[tuple[str, int]]:
    return [(word["text"], word["count"]) for word in body["words"]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pac", [("pacchi", 2), ("pace", 1), ("pacificazione", 1)]),
        ("PAC", [("pacchi", 2), ("pace", 1), ("pacificazione", 1)]),
        ("citt", [("città", 1)]),
        ("cittá", [("città", 1)]),
        ("zel", [("Zelensky", 1)]),
        ("piano di pac", [(f"piano di {word}", 1) for word in ("pace", "pacificazione", "pacchi")]),
        ("ritardo pac", [("ritardo pacchi", 1)]),
        ("perc", []),
        ("zzz", []),
        ("", []),
        ("?!", []),
    ],
)
def test_the_last_word_goes_on_as_the_index_writes_it(
    client: TestClient, typed: str, expected: list[tuple[str, int]]
) -> None:
    body = ask(client, typed)
    assert body["query"] == typed
    assert words(body) == expected


def test_names_and_titles_go_on_too(client: TestClient) -> None:
    body = ask(client, "pac")
    assert body["names"] == [{"text": "Anna Pacelli", "field": "author", "count": 1}]
    assert [title["id"] for title in body["titles"]] == ["1", "2", "3"]
    assert ask(client, "agenzia d")["names"] == [
        {"text": "Agenzia DIRE", "field": "source", "count": 2}
    ]
    assert [title["id"] for title in ask(client, "piano pacif")["titles"]] == ["2"]


def test_no_more_than_asked_for(client: TestClient) -> None:
    body = ask(client, "pac", limit=1)
    assert [len(body[kind]) for kind in ("words", "names", "titles")] == [1, 1, 1]


def test_browsers_get_an_array(client: TestClient) -> None:
    answer = client.simulate_get("/suggest?q=pac&format=opensearch&limit=4")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    query, completions, descriptions = answer.json
    assert query == "pac"
    assert completions == ["pacchi", "pace", "pacificazione", "Anna Pacelli"]
    assert descriptions[0] == "2 articoli"
