"""Does a browser get pages that are right, safe and fresh, and a program its JSON?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from falcon.testing import Result, TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from indexer.articles import Article
from indexer.engines.contract import Clause, Engine, EngineError, Page, Query
from service.access.keys import from_list
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"}
WORST = "<script>alert(1)</script> \u202e\u2066 &lt; \"' \x00 " + "x" * 5_000
ARTICLES = [
    Article(
        id="a",
        title="Un piano per la pace",
        text="Il piano di pace.\n\nSecondo capoverso: la pace.\n  \nTerzo.",
        date="2025-11-19",
        source="ANSA",
        author="Anna Rossi",
        section="Esteri",
        tags=("Ucraina", "Europa"),
        url="https://example.org/a?b=1&c=2",
    ),
    Article(id="b", title="Pace fatta", text="La pace è fatta.", date="2024-03", source="AGI"),
    Article(id="c è", text="Pace senza titolo.", title="", source="ANSA"),
    Article(
        id="worst",
        title=WORST,
        text=f"Pessimo. {WORST}",
        source=WORST,
        author=WORST,
        section=WORST,
        tags=(WORST,),
        url="javascript:alert(1)",
        date="2025-11-20",
    ),
]


@pytest.fixture
def engine() -> Engine:
    engine = MemoryEngine()
    engine.write(ARTICLES)
    return engine


def visit(client: TestClient, address: str, **headers: str) -> Result:
    return client.simulate_get(address, headers=BROWSER | headers)


def page(client: TestClient, address: str) -> html.HtmlElement:
    answer = visit(client, address)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def texts(root: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in root.cssselect(selector)]


def links(root: html.HtmlElement, selector: str) -> dict[str, str]:
    return {
        " ".join(each.text_content().split()): each.get("href") for each in root.cssselect(selector)
    }


def hidden(root: html.HtmlElement, selector: str) -> dict[str, str]:
    fields = root.cssselect(f"{selector} input[type=hidden]")
    return {each.get("name"): each.get("value") for each in fields}


# What a search shows.


def test_results_are_shown_as_people_write_them(client: TestClient) -> None:
    root = page(client, "/?q=piano+di+pace")
    assert texts(root, "h1")[0] == "3 articoli per piano di pace"
    assert texts(root, ".results h2")[0] == "Un piano per la pace"
    assert [mark.text for mark in root.cssselect(".results h2")[0].cssselect("mark")] == [
        "piano",
        "pace",
    ]
    assert texts(root, ".results .origin")[0] == "ANSA 19 novembre 2025 Anna Rossi"
    assert root.cssselect("time")[0].get("datetime") == "2025-11-19"
    assert "Senza titolo" in texts(root, ".results h2")
    assert texts(root, ".why p")[0].startswith("Trovato: «piano»")


def test_without_words_the_newest_are_listed(client: TestClient) -> None:
    root = page(client, "/")
    assert texts(root, "h1") == ["4 articoli, dai più recenti"]
    assert root.cssselect("#q")[0].get("autofocus") is not None
    assert links(root, ".results h2 a")["Pace fatta"] == "/articles/b"
    assert texts(root, ".orders [aria-current]") == ["più recenti"]
    assert not root.cssselect(".why")


def test_a_page_and_the_api_differ_in_the_path_alone(client: TestClient) -> None:
    query = "q=pace&source=ANSA&from=2025&sort=date&limit=1"
    ids = [each["id"] for each in client.simulate_get(f"/search?{query}").json["results"]]
    shown = page(client, f"/?{query}").cssselect(".results h2 a")
    assert [link.get("href") for link in shown] == [f"/articles/{each}?q=pace" for each in ids]


def test_a_filter_is_one_click_on_and_one_click_off(client: TestClient) -> None:
    root = page(client, "/?q=pace")
    on = links(root, ".filters li a")["AGI 1"]
    root = page(client, on)
    assert texts(root, "h1") == ["1 articolo per pace"]
    assert texts(root, ".chips a") == ["Togli il filtro Fonte AGI ×"]
    # Other values stay in sight with what they would find.
    assert links(root, ".filters li a")["ANSA 2"] == "/?q=pace&source=AGI&source=ANSA"
    assert links(root, ".chips a")["Togli il filtro Fonte AGI ×"] == "/?q=pace"
    assert links(root, ".filters [aria-current]") == {"AGI 1": "/?q=pace"}


def test_the_timeline_leads_to_its_days(client: TestClient) -> None:
    root = page(client, "/?q=pace")
    bars = {bar.get("aria-label"): bar.get("href") for bar in root.cssselect("svg a")}
    assert bars["dal 17 al 23 novembre 2025: 1 articolo"] == (
        "/?q=pace&from=2025-11-17&to=2025-11-23"
    )
    assert texts(root, "figcaption") == ["Articoli per settimana; 1 senza data"]
    narrowed = page(client, bars["dal 17 al 23 novembre 2025: 1 articolo"])
    assert texts(narrowed, ".chips a") == ["Togli il filtro Periodo dal 17 al 23 novembre 2025 ×"]


def test_a_period_of_ages_is_no_error_and_draws_what_is_found(client: TestClient) -> None:
    root = page(client, "/?q=pace&from=1000&to=2999")
    assert texts(root, "h1") == ["2 articoli per pace"]
    assert len(root.cssselect("svg a")) == 2


def test_pages_follow_one_another_to_the_end(client: TestClient) -> None:
    address, met = "/?q=pace&limit=1", []
    while address:
        root = page(client, address)
        met += [link.get("href") for link in root.cssselect(".results h2 a")]
        following = root.cssselect("a[rel=next]")
        address = following[0].get("href") if following else ""
    assert len(met) == len(set(met)) == 3
    assert texts(root, ".pages .quiet") == ["3–3 di 3"]
    assert root.cssselect("a[rel=prev]")[0].get("href") == "/?q=pace&offset=1&limit=1"


def test_past_the_end_there_is_a_way_back(client: TestClient) -> None:
    root = page(client, "/?q=pace&offset=100")
    assert links(root, ".found p a")["Torna ai primi"] == "/?q=pace"


@pytest.mark.parametrize(
    ("place", "before"),
    [("offset=100&limit=2", "offset=2&limit=2"), ("page=9&per_page=3", "limit=3")],
)
def test_past_the_last_page_the_way_back_leads_to_results(
    client: TestClient, place: str, before: str
) -> None:
    (link,) = page(client, f"/?q=pace&{place}").cssselect("a[rel=prev]")
    assert link.get("href") == f"/?q=pace&{before}"
    assert page(client, link.get("href")).cssselect(".results")
    assert not page(client, f"/?q=niente&{place}").cssselect("a[rel=prev]")


def test_a_suggestion_and_warnings_are_shown(seeds: TestClient) -> None:
    root = page(seeds, "/?q=zelenzki+xyzzy")
    assert links(root, ".suggestion a") == {"Zelensky xyzzy": "/?q=Zelensky+xyzzy"}
    assert "xyzzy" in texts(root, ".warnings")[0]
    assert texts(root, "h1") == ["Nessun articolo per zelenzki xyzzy"]
    assert "guarda gli articoli più recenti" in links(root, ".nothing a")


def test_filters_that_leave_nothing_can_be_taken_off(client: TestClient) -> None:
    root = page(client, "/?q=fatta&source=ANSA")
    assert links(root, ".nothing a")["cerca senza filtri"] == "/?q=fatta"


def test_an_empty_archive_says_that_it_is_empty() -> None:
    root = page(TestClient(create_app(MemoryEngine(), Settings())), "/")
    assert "ancora vuoto" in texts(root, ".nothing")[0]


def test_what_others_add_to_a_link_is_told_and_not_refused(client: TestClient) -> None:
    assert "fbclid" in texts(page(client, "/?q=pace&fbclid=abc"), ".warnings")[0]
    assert visit(client, "/articles/a?utm_source=x&q=pace").status_code == 200


def test_the_form_keeps_filters_and_order(client: TestClient) -> None:
    root = page(client, "/?q=pace&source=ANSA&sort=-date&offset=1")
    kept = [(field.get("name"), field.get("value")) for field in root.cssselect(".ask [name]")]
    assert kept == [("q", "pace"), ("source", "ANSA"), ("sort", "-date")]


def test_a_page_costs_one_search_and_one_more_for_each_field_filtered() -> None:
    asked: list[Query] = []

    class Counting(MemoryEngine):
        def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
            asked.append(query)
            return super().search(query, offset=offset, limit=limit)

        def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
            return super().holding(clauses)

    engine = Counting()
    engine.write([Article(id=str(number), text="pace", source="ANSA") for number in range(5)])
    client = TestClient(create_app(engine, Settings()))
    page(client, "/?q=pace")
    assert len(asked) == 1
    page(client, "/?q=pace&source=ANSA&source=AGI")
    assert len(asked) == 3


# An article.


def test_an_article_is_a_page_for_browsers_and_json_for_programs(client: TestClient) -> None:
    for accept in (None, "*/*", "application/json", "application/json, text/html"):
        answer = client.simulate_get("/articles/a", headers={"Accept": accept} if accept else {})
        assert answer.json["id"] == "a", accept
        assert "accept" in answer.headers["vary"].lower()
    answer = visit(client, "/articles/a")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"]


def test_each_kind_has_its_own_tag(client: TestClient) -> None:
    tag = visit(client, "/articles/a").headers["etag"]
    again = visit(client, "/articles/a", **{"If-None-Match": tag})
    assert again.status_code == 304
    assert "Accept" in again.headers["vary"]
    other = client.simulate_get("/articles/a", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_an_article_is_read_with_its_words_marked_and_numbered(client: TestClient) -> None:
    root = page(client, "/articles/a?q=piano+di+pace")
    assert texts(root, ".text p") == ["Il piano di pace.", "Secondo capoverso: la pace.", "Terzo."]
    marks = root.cssselect("mark")
    assert [mark.text for mark in marks] == ["piano", "pace", "piano", "pace", "pace"]
    assert [mark.get("id") for mark in marks] == [f"segno-{number}" for number in range(1, 6)]
    assert links(root, ".steps a") == {"5 parole trovate": "#segno-1"}
    assert links(root, ".back a") == {"← Risultati per piano di pace": "/?q=piano+di+pace"}
    assert links(root, ".tags a") == {
        "Esteri": "/?section=Esteri",
        "Ucraina": "/?tag=Ucraina",
        "Europa": "/?tag=Europa",
    }


def test_lines_that_were_cut_to_a_width_are_read_as_paragraphs(
    client: TestClient, engine: Engine
) -> None:
    cut = (
        "Il governo ha presentato alle Camere il nuovo piano per le\n"
        "ferrovie, che prevede trecento treni e la riapertura di sei\n"
        "linee chiuse negli anni Ottanta, fra le quali quella che\n"
        "porta al lago.\n\nI sindaci:\nRossi\nBianchi"
    )
    engine.write([Article(id="cut", title="Treni", text=cut)])
    shown = texts(page(client, "/articles/cut?q=treni+lago"), ".text p")
    assert [" ".join(each.split()) for each in shown] == [
        " ".join(cut.partition("\n\n")[0].split()),
        "I sindaci:",
        "Rossi",
        "Bianchi",
    ]
    assert texts(page(client, "/articles/cut?q=treni+lago"), ".text mark") == ["treni", "lago"]


def test_an_article_leads_to_its_original_and_to_itself(client: TestClient) -> None:
    root = page(client, "/articles/a?q=pace")
    (original,) = root.cssselect(".original a")
    assert original.get("href") == "https://example.org/a?b=1&c=2"
    assert {"noopener", "noreferrer"} <= set(original.get("rel").split())
    assert root.cssselect("link[rel=canonical]")[0].get("href") == "/articles/a"
    assert not page(client, "/articles/a").cssselect("mark, .steps")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "/etc",
        "http://",
        "http://[::1",
        "ftp://example.org",
        "",
    ],
)
def test_no_link_leads_where_a_browser_should_not_go(url: str) -> None:
    engine = MemoryEngine()
    engine.write([Article(id="a", title="Pace", text="pace", url=url)])
    client = TestClient(create_app(engine, Settings()))
    assert not page(client, "/articles/a").cssselect(".original")


def test_the_json_of_an_article_does_not_depend_on_what_is_marked(client: TestClient) -> None:
    plain, marked = (client.simulate_get(f"/articles/a{query}").json for query in ("", "?q=pace"))
    assert plain == marked


# Refusals.


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/?limit=abc&q=pace", 400, "Ricerca non riuscita"),
        ("/?q=pace&from=ieri+mai", 400, "Ricerca non riuscita"),
        (f"/?q={'x' * 2_001}", 400, "Ricerca non riuscita"),
        ("/?q=pace&q=guerra", 400, "Ricerca non riuscita"),
        ("/articles/niente", 404, "Articolo non trovato"),
        ("/niente?q=pace", 404, "Pagina non trovata"),
    ],
)
def test_a_refusal_is_told_to_a_reader_with_its_status(
    client: TestClient, address: str, status: int, title: str
) -> None:
    answer = visit(client, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    root = html.fromstring(answer.text)
    assert texts(root, "h1") == [title]
    problem = client.simulate_get(address).json
    assert problem["code"] in texts(root, "dd code")
    assert problem["status"] == status


def test_what_was_typed_is_kept_and_a_limit_is_said_in_italian(client: TestClient) -> None:
    root = html.fromstring(visit(client, "/?q=pace&limit=abc").text)
    assert root.cssselect("#q")[0].get("value") == "pace"
    root = html.fromstring(visit(client, f"/?q={'+'.join(f'p{n}' for n in range(300))}").text)
    assert "La ricerca ha 300 parole" in texts(root, ".problem p")[0]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ("from=boh", "«from» vuole una data come 2025-11-19, 19 novembre 2025, 19/11/25 o 2025-11"),
        ("limit=abc", "«limit» vuole un numero da 1 a 100, non «abc»."),
        ("sort=foo", "«sort» vuole uno di questi: relevance, mix, -date, date, title, non «foo»."),
        ("limit=1&limit=2", "«limit» c’è 2 volte"),
        ("page=2&offset=10", "dicono lo stesso"),
        (
            "from=2025-12-08&to=2025-01-01",
            "«dal» (8 dicembre 2025) viene dopo «al» (1º gennaio 2025)",
        ),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said_in_italian_and_the_rest_is_kept(
    client: TestClient, parameters: str, sentence: str
) -> None:
    root = html.fromstring(visit(client, f"/?q=pace&source=ANSA&tag=Asia&{parameters}").text)
    assert sentence in texts(root, ".problem p")[0]
    back = links(root, ".problem p a")["Torna alla ricerca"]
    assert back.startswith("/?q=pace&source=ANSA&tag=Asia")
    assert visit(client, back).status_code == 200
    assert hidden(root, ".ask")["source"] == "ANSA"


def test_dates_the_wrong_way_round_can_be_mended_where_that_is_said(client: TestClient) -> None:
    root = html.fromstring(visit(client, "/?q=pace&from=2025-12-08&to=2025-01&tag=Asia").text)
    assert links(root, ".problem p a")["Torna alla ricerca"] == "/?q=pace&tag=Asia"
    (form,) = root.cssselect(".problem form.period")
    dates = {each.get("name"): each.get("value") for each in form.cssselect("[type=date]")}
    assert dates == {"from": "2025-12-08", "to": "2025-01-31"}
    assert hidden(root, ".problem") == {"q": "pace", "tag": "Asia"}
    root = html.fromstring(visit(client, "/?q=pace&from=boh&to=2025-01-31&limit=abc").text)
    dates = {each.get("name"): each.get("value") for each in root.cssselect("[type=date]")}
    assert dates == {"from": "", "to": "2025-01-31"}
    assert links(root, ".problem p a")["Torna alla ricerca"] == "/?q=pace&to=2025-01-31"


def test_a_search_refused_for_its_words_is_left_without_them(client: TestClient) -> None:
    root = html.fromstring(visit(client, f"/?q={'x' * 2_001}&source=ANSA").text)
    assert links(root, ".problem p a")["Torna alla ricerca"] == "/?source=ANSA"
    assert hidden(root, ".ask") == {"source": "ANSA"}
    assert root.cssselect("#q")[0].get("value") == "x" * 2_001
    assert not root.cssselect(".problem form")


def test_an_index_that_cannot_answer_is_a_503_with_a_way_to_try_again() -> None:
    class Broken(MemoryEngine):
        def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
            raise EngineError("The index is damaged: python -m indexer rebuild.")

    client = TestClient(create_app(Broken(), Settings()))
    answer = visit(client, "/?q=pace")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    root = html.fromstring(answer.text)
    assert texts(root, "h1") == ["Archivio non disponibile"]
    assert links(root, ".problem p a")["Riprova"] == "/?q=pace"


def test_where_reading_needs_a_key_a_browser_is_told_so_on_a_page() -> None:
    keys = from_list(f"rit_read_{'0' * 40}:read", "K")
    client = TestClient(create_app(MemoryEngine(), Settings(keys=keys)))
    for address in ("/", "/articles/a"):
        answer = visit(client, address)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"]
        assert texts(html.fromstring(answer.text), "h1") == ["Accesso riservato"]
        style = html.fromstring(answer.text).cssselect("link[rel=stylesheet]")[0].get("href")
        assert visit(client, style).status_code == 200


def test_a_key_in_an_address_is_not_told_again(client: TestClient) -> None:
    answer = visit(client, "/?q=abc&token=geheim123")
    assert answer.status_code == 400
    assert "geheim123" not in answer.text


def test_the_api_refuses_in_json_whoever_asks(client: TestClient) -> None:
    answer = visit(client, "/search?limit=abc")
    assert answer.headers["content-type"] == "application/problem+json"


# Text is inert.


@pytest.mark.parametrize(
    "address", ["/?q=Pessimo", "/articles/worst?q=Pessimo", "/?limit=abc&q=%3Cscript%3Ealert(1)"]
)
def test_what_articles_and_readers_write_is_never_markup(client: TestClient, address: str) -> None:
    answer = visit(client, address)
    assert "<script>alert" not in answer.text
    assert "javascript:" not in answer.text
    root = html.fromstring(answer.text)
    assert all(script.get("src", "").startswith("/static/") for script in root.cssselect("script"))
    assert not root.xpath("//*[@style or @onclick]")


@given(st.text(max_size=200))
def test_whatever_is_typed_comes_back_as_typed(text: str) -> None:
    engine = MemoryEngine()
    engine.write(ARTICLES[:1])
    client = TestClient(create_app(engine, Settings()))
    typed = text.encode(errors="replace").decode()
    answer = client.simulate_get("/", params={"q": typed}, headers=BROWSER)
    assert answer.status_code == 200
    # By the rules of HTML a parser reads CR as LF, and knows neither NUL nor half a pair.
    value = re.search(r'name="q" type="search" value="([^"]*)"', answer.text)
    assert value is not None
    assert "<" not in value[1]
    assert answer.text.count("<script") == answer.text.count('<script type="module" src="/static/')


# The state.


def test_the_state_tells_what_there_is_and_how_it_was_searched(client: TestClient) -> None:
    assert "Nessuno ha cercato." in texts(page(client, "/stato"), ".state p")
    client.simulate_get("/search?q=geheim")
    visit(client, "/?q=pace+%22piano+di+pace%22&source=ANSA")
    visit(client, "/?q=geheim&tag=niente")
    answer = visit(client, "/stato")
    root = html.fromstring(answer.text)
    facts = dict(zip(texts(root, "dt"), texts(root, "dd"), strict=False))
    assert facts["Articoli"] == "4"
    assert facts["Ricerche"].startswith("3, in media ")
    assert facts["Senza risultati"] == "2 (66,7 %)"
    rows = texts(root, "tbody tr")
    assert {"una parola sola1", "con filtri o un periodo1"} < set(rows)
    assert "geheim" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_state_needs_what_reading_needs() -> None:
    keys = from_list(f"rit_read_{'0' * 40}:read", "K")
    client = TestClient(create_app(MemoryEngine(), Settings(keys=keys)))
    assert visit(client, "/stato").status_code == 401


# How pages travel.


def test_a_page_may_load_and_run_only_what_is_ours(client: TestClient) -> None:
    for address in ("/", "/articles/a"):
        answer = visit(client, address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        root = html.fromstring(answer.text)
        loaded = [each.get("src") or each.get("href") for each in root.cssselect("[src], link")]
        assert loaded
        assert not any(urlsplit(each).netloc for each in loaded)


def test_a_page_asked_for_again_is_304_until_a_commit(client: TestClient, engine: Engine) -> None:
    tag = visit(client, "/?q=pace").headers["etag"]
    assert visit(client, "/?q=pace", **{"If-None-Match": tag}).status_code == 304
    engine.write([Article(id="new", text="pace")])
    assert visit(client, "/?q=pace", **{"If-None-Match": tag}).status_code == 200


def test_pages_travel_compressed(client: TestClient) -> None:
    answer = visit(client, "/?q=pace", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_what_a_page_names_is_there_for_ever(client: TestClient) -> None:
    root = page(client, "/?q=pace")
    named = {
        each.get("src") or each.get("href")
        for each in root.cssselect("script[src], link[rel=stylesheet], link[rel=icon]")
    }
    assert len(named) >= 4
    for address in named:
        answer = client.simulate_get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
    stale = client.simulate_get("/static/page.0000000000.css")
    assert stale.status_code == 404


def test_an_answer_without_results_is_counted(client: TestClient) -> None:
    visit(client, "/?q=xyzzy")
    assert "ritaglio_search_empty_total 1" in client.simulate_get("/metrics").text


def test_browsers_and_newsreaders_find_what_is_theirs(client: TestClient) -> None:
    root = page(client, "/?q=pace&source=ANSA")
    feed = root.cssselect("link[type='application/atom+xml']")[0].get("href")
    assert feed == "/search.atom?q=pace&source=ANSA"
    assert client.simulate_get(feed).status_code == 200
    described = client.simulate_get(root.cssselect("link[rel=search]")[0].get("href")).text
    assert 'type="text/html"' in described
    assert "/?q={searchTerms}" in described
