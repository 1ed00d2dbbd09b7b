"""Does the service tell, as one types, what the index knows?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines.contract import AllOf, Engine
from service.query import parse
from service.search.completing import complete
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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # Behind an exclusion nothing is looked for that could be offered.
        ("-pac", []),
        ("piano -pac", []),
        ("piano NON pac", []),
        ("-(piano pac", []),
        ('-"di pac', []),
        ("-titolo:pac", []),
        ("tag:pac", []),
        ("dal:pac", []),
        # What is excluded before is not counted.
        ("-ritardo pac", [(f"-ritardo {word}", 1) for word in ("pacchi", "pace", "pacificazione")]),
        # A field says where.
        ("titolo:pac", [(f"titolo:{word}", 1) for word in ("pacchi", "pace", "pacificazione")]),
        ("testo:pac", [("testo:pacchi", 2), ("testo:pace", 1)]),
        ("fonte:agenzia pacch", [("fonte:agenzia pacchi", 1)]),
        ("titolo:(piano pac", [(f"titolo:(piano {w})", 1) for w in ("pace", "pacificazione")]),
        ("dal:2025 pac", [("dal:2025 pace", 1)]),
        ("ritard* pac", [("ritard* pacchi", 1)]),
        # Quotes that are open are closed, and the phrase is what counts.
        ('"piano di pac', [('"piano di pace"', 1), ('"piano di pacificazione"', 1)]),
        ("«piano di pac", [("«piano di pace»", 1), ("«piano di pacificazione»", 1)]),
        ('"di piano pac', []),
        ('"il piano" pac', [('"il piano" pace', 1)]),
        ("(" * 30 + "pac", []),
        ("cita~ pac", [("cita~ pace", 1)]),
        ("città-zel", [("città-Zelensky", 1)]),
    ],
)
def test_what_is_offered_is_true_whatever_stands_before(
    client: TestClient, typed: str, expected: list[tuple[str, int]]
) -> None:
    assert words(ask(client, typed)) == expected


@pytest.mark.parametrize(
    "typed",
    ["-ritardo p", "titolo:p", '"il p', "(piano O pacchi) p", "dell'a", "Agenzia NON p"],
)
def test_each_query_offered_finds_as_many_as_hold_its_words(
    client: TestClient, engine: Engine, typed: str
) -> None:
    for text, count in words(ask(client, typed)):
        parsed = parse(text)
        assert (count,) == engine.holding([AllOf((parsed.clause, *parsed.marks))])


def test_names_and_titles_go_on_too(client: TestClient) -> None:
    body = ask(client, "pac")
    assert body["names"] == [{"text": "Anna Pacelli", "field": "author", "count": 1}]
    assert [title["id"] for title in body["titles"]] == ["1", "2", "3"]
    assert ask(client, "agenzia d")["names"] == [
        {"text": "Agenzia DIRE", "field": "source", "count": 2}
    ]
    assert [title["id"] for title in ask(client, "piano pacif")["titles"]] == ["2"]


def test_names_and_titles_are_offered_where_they_are_looked_for(client: TestClient) -> None:
    for typed in ("-pac", "tag:pac", '"piano di pac'):
        body = ask(client, typed)
        assert (body["names"], body["titles"]) == ([], [])
    body = ask(client, "-ritardo titolo:pac")
    assert (body["names"], [title["id"] for title in body["titles"]]) == ([], ["1", "2"])


def test_no_more_than_asked_for(client: TestClient) -> None:
    body = ask(client, "pac", limit=1)
    assert [len(body[kind]) for kind in ("words", "names", "titles")] == [1, 1, 1]


def test_browsers_get_an_array(client: TestClient) -> None:
    answer = client.simulate_get("/suggest?q=pac&format=opensearch&limit=4")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    query, completions, descriptions = answer.json
    assert query == "pac"
    assert completions == ["pacchi", "pace", "pacificazione", "Anna Pacelli"]
    assert descriptions == ["2 articoli", "1 articolo", "1 articolo", "1 articolo"]


COMMON = (
    "anni avere ancora andata attesa accordo "
    "furto fatto fuori forse fare fronte furti forze fuga fine"
)


def holding(*articles: tuple[str, str]) -> Engine:
    engine = MemoryEngine()
    engine.write(
        Article(id=str(number), title=title, text=text, date=f"2025-11-{number + 1:02}")
        for number, (title, text) in enumerate(articles)
    )
    return engine


def texts(engine: Engine, typed: str, limit: int = 2) -> list[str]:
    return [word.text for word in complete(engine, typed, limit).words]


def test_behind_an_apostrophe_goes_on_what_stands_behind_it_elsewhere() -> None:
    engine = holding(*[("Uno", f"Santi e {COMMON}.")] * 4, ("Due", "A Sant'Agata e a San Felice."))
    assert texts(engine, "sant'a") == ["sant'Agata"]
    assert texts(engine, "sant'f") == []


def test_what_stands_beside_the_word_before_comes_first_however_rare() -> None:
    engine = holding(*[("Uno", f"Santi e {COMMON}.")] * 4, ("Due", "A Sant'Agata e a San Felice."))
    assert texts(engine, "san f")[0] == "san Felice"


def test_accents_are_those_of_most_articles_and_capitals_those_of_this_spelling() -> None:
    engine = holding(
        ("CITTA citta", "La citta."),
        *[("La Città", "In città, nella città. D'Annunzio.")] * 4,
    )
    assert texts(engine, "citta") == ["città"]
    assert texts(engine, "d'annu") == ["d'Annunzio"]


def test_titles_that_are_alike_are_offered_once() -> None:
    engine = holding(*[("Crisi d'autunno", "Testo.")] * 9, ("Crisi antica", "Testo."))
    titles = complete(engine, "cris", 8).titles
    assert sorted(each.title for each in titles) == ["Crisi antica", "Crisi d'autunno"]
