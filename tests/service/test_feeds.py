"""Does a newsreader read a search as a feed, and a browser find the service?"""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from falcon.testing import Result, TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine
from tests.engines.memory import MemoryEngine

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
ARTICLES = [
    Article(
        id="a",
        title="Pace & <guerra>\x08",
        text="Un piano di pace.",
        date="2025-07-19",
        source="ANSA",
        tags=("esteri",),
        url="https://example.org/a?b=1&c=2",
    ),
    Article(id="b/c"[:1] + "è", title="Pace", text="pace", date="2025-11", author="Anna"),
    Article(id="c", text="pace"),
]


@pytest.fixture
def engine() -> Engine:
    engine = MemoryEngine()
    engine.write(ARTICLES)
    return engine


def entries(answer: Result) -> list[ElementTree.Element]:
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def text(element: ElementTree.Element, name: str) -> str | None:
    return element.findtext(f"{ATOM}{name}")


def test_a_search_is_a_feed_newest_first_with_dates_of_rome(client: TestClient) -> None:
    answer = client.simulate_get("/search.atom", query_string="q=pace")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    november, july, undated = entries(answer)
    assert text(november, "published") == text(november, "updated") == "2025-11-01T00:00:00+01:00"
    assert text(july, "published") == "2025-07-19T00:00:00+02:00"
    assert text(undated, "published") is None
    assert text(undated, "updated")
    assert text(july, "title") == "Pace & <guerra>�"
    assert text(july, "summary") == "Un piano di <mark>pace</mark>."
    assert july.find(f"{ATOM}summary").get("type") == "html"
    assert [link.get("href") for link in july.findall(f"{ATOM}link")] == [
        "https://example.org/a?b=1&c=2",
        "http://127.0.0.1:8000/articles/a",
    ]
    assert november.find(f"{ATOM}link").get("href").endswith("/articles/b%C3%A8")
    assert july.find(f"{ATOM}category").get("term") == "esteri"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x"])
def test_a_feed_leads_to_pages_of_the_web_alone(
    client: TestClient, engine: Engine, url: str
) -> None:
    engine.write([Article(id="x", text="tranello", url=url)])
    (entry,) = entries(client.simulate_get("/search.atom?q=tranello"))
    assert {link.get("href") for link in entry.findall(f"{ATOM}link")} == {
        "http://127.0.0.1:8000/articles/x"
    }


def test_a_feed_has_what_atom_asks_for(client: TestClient) -> None:
    feed = ElementTree.fromstring(client.simulate_get("/search.atom?q=pace&source=ANSA").content)
    assert text(feed, "title") == "Ritaglio: pace"
    assert text(feed, "updated") == "2025-07-19T00:00:00+02:00"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "http://127.0.0.1:8000/search.atom?q=pace&source=ANSA"
    assert feed.find(f"{ATOM}author") is not None
    ids = [text(each, "id") for each in (feed, *feed.findall(f"{ATOM}entry"))]
    assert all(each and each.startswith("urn:uuid:") for each in ids)
    assert len(set(ids)) == 2


def test_a_feed_is_newest_first_and_says_so_to_who_asks_for_an_order(client: TestClient) -> None:
    answer = client.simulate_get("/search.atom?q=pace&sort=date")
    assert (answer.status_code, answer.json["code"]) == (400, "unknown-parameter")
    assert answer.json["detail"] == "A feed is always newest first: leave sort out."


@pytest.mark.parametrize("part", ["q=pace&offset=1&limit=1", "limit=2", "q=pace"])
def test_a_part_of_a_feed_is_named_as_itself(client: TestClient, part: str) -> None:
    feed = ElementTree.fromstring(client.simulate_get(f"/search.atom?{part}").content)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://127.0.0.1:8000/search.atom?{part}"
    whole = part.partition("limit")[0].partition("&offset")[0]
    other = ElementTree.fromstring(client.simulate_get(f"/search.atom?{whole}").content)
    assert text(feed, "id") == text(other, "id")


def test_an_entry_is_the_same_on_every_host_and_in_every_search(client: TestClient) -> None:
    one = entries(client.simulate_get("/search.atom?q=piano", host="one.example"))
    other = entries(client.simulate_get("/search.atom?q=pace", host="other.example"))
    assert text(one[0], "id") in {text(each, "id") for each in other}


def test_a_feed_asked_for_again_is_304_until_a_commit(client: TestClient, engine: Engine) -> None:
    tag = client.simulate_get("/search.atom?q=pace").headers["etag"]
    headers = {"If-None-Match": tag}
    assert client.simulate_get("/search.atom?q=pace", headers=headers).status_code == 304
    engine.write([Article(id="d", text="pace")])
    assert len(entries(client.simulate_get("/search.atom?q=pace", headers=headers))) == 4


def test_nothing_found_is_an_empty_feed(client: TestClient) -> None:
    assert entries(client.simulate_get("/search.atom?q=niente")) == []


def test_an_answer_points_at_its_feed_and_at_the_description(client: TestClient) -> None:
    link = client.simulate_get("/search?q=pace&tag=esteri&limit=1&sort=date").headers["link"]
    feed = '</search.atom?q=pace&tag=esteri>; rel="alternate"; type="application/atom+xml"'
    assert feed in link
    assert '</opensearch.xml>; rel="search"' in link
    assert len(entries(client.simulate_get("/search.atom?q=pace&tag=esteri"))) == 1


def test_the_description_names_addresses_that_answer(client: TestClient) -> None:
    answer = client.simulate_get("/opensearch.xml")
    root = ElementTree.fromstring(answer.content)
    assert root.findtext(f"{OPENSEARCH}ShortName") == "Ritaglio"
    urls = root.findall(f"{OPENSEARCH}Url")
    assert {url.get("rel") for url in urls} == {"results", "suggestions"}
    for url in urls:
        address = url.get("template").removeprefix("http://127.0.0.1:8000")
        for name, value in (("{searchTerms}", "pace"), ("{count?}", "2"), ("{startIndex?}", "")):
            address = address.replace(name, value)
        found = client.simulate_get(address)
        assert found.status_code == 200, address
        assert found.headers["content-type"].startswith(url.get("type"))
