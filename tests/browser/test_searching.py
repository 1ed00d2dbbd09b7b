"""Does a reader find, narrow, turn pages and read, with a mouse, with keys, without JavaScript?"""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import Visit

ARTICLE = "/articles/001_893e1bd431c83a89"


def results(page: Page) -> list[str]:
    return page.locator(".results h2").all_inner_texts()


def test_words_typed_are_found_and_marked(page: Page, seeds: str) -> None:
    page.goto(seeds)
    expect(page.get_by_role("combobox", name="Cerca negli articoli")).to_be_focused()
    page.keyboard.type("piano di pace")
    page.keyboard.press("Enter")
    expect(page).to_have_title("piano di pace – Ritaglio")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"5 articoli per\s*piano di pace")
    )
    assert page.locator(".results mark").count() > 5
    page.get_by_text("Perché", exact=True).first.click()
    expect(page.locator(".why p").first).to_be_visible()


def test_filters_are_one_click_on_and_off(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina")
    before = page.url
    source = (
        page.get_by_role("complementary", name="Filtri")
        .get_by_role("link")
        .filter(has_text="Testata")
    )
    name = source.first.locator("bdi").inner_text()
    count = source.first.locator(".count").inner_text()
    source.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count} articoli")
    assert {each.split(" · ")[0] for each in page.locator(".origin .source").all_inner_texts()} == {
        name
    }
    page.get_by_role("link", name=f"Togli il filtro Fonte {name}").click()
    assert page.url == before


def test_the_timeline_narrows_again_and_again(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina")
    bars = page.locator(".timeline svg a")
    expect(page.locator("figcaption")).to_have_text("Articoli per anno")
    for unit in ("settimana", "giorno"):
        label = bars.nth(3).get_attribute("aria-label") or ""
        bars.nth(3).click()
        expect(page.locator("figcaption")).to_have_text(f"Articoli per {unit}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(label.rpartition(": ")[2])
    page.get_by_role("link", name=re.compile("Togli il filtro Periodo")).click()
    expect(page.locator("figcaption")).to_have_text("Articoli per anno")


def test_a_period_is_chosen_from_day_to_day(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina&sort=date")
    page.get_by_label("dal", exact=True).fill("2020-01-08")
    page.get_by_label("al", exact=True).fill("2020-02-11")
    page.get_by_role("button", name="Applica").click()
    expect(page.locator(".chips")).to_contain_text("dall’8 gennaio all’11 febbraio 2020")
    expect(page.locator(".orders [aria-current]")).to_have_text("più vecchi")
    days = [each.get_attribute("datetime") or "" for each in page.locator("ol time").all()]
    assert days == sorted(days)
    assert all("2020-01-08" <= day <= "2020-02-11" for day in days)


def test_pages_turn_forward_and_back(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina&sort=-date")
    first = results(page)
    page.get_by_role("link", name="Successivi").click()
    expect(page.locator(".pages")).to_contain_text("11–20 di ")
    assert not set(first) & set(results(page)) or results(page) != first
    page.get_by_role("link", name="Precedenti").click()
    assert results(page) == first


def test_an_article_is_read_from_mark_to_mark_and_left_to_the_same_results(
    page: Page, seeds: str
) -> None:
    page.goto(f"{seeds}/?q=piano+di+pace&sort=-date")
    there = page.url
    page.get_by_role("link", name=re.compile("Guerra in Ucraina: gli Stati Uniti")).click()
    where = page.locator("#dove")
    total = page.locator("mark").count()
    expect(where).to_have_text("")
    page.keyboard.press("n")
    expect(where).to_have_text(f"1 di {total}")
    expect(page.locator("#segno-1")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("p")
    expect(page.locator("#segno-2")).to_be_focused()
    page.get_by_role("button", name="Parola trovata seguente").click()
    expect(where).to_have_text(f"3 di {total}")
    expect(page.locator("#segno-3")).to_be_in_viewport()
    page.locator("#indietro").click()
    assert page.url == there


def test_similar_articles_and_the_permanent_address_lead_on(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}{ARTICLE}?q=pace")
    page.get_by_role("contentinfo").get_by_role("link", name="Indirizzo permanente").click()
    assert page.url == seeds + ARTICLE
    assert page.locator("mark").count() == 0
    title = page.locator(".similar li a").first.inner_text()
    page.locator(".similar li a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


# Suggestions while typing.


def test_suggestions_come_while_typing_and_are_chosen_with_keys(page: Page, seeds: str) -> None:
    page.goto(seeds)
    field = page.get_by_role("combobox")
    field.press_sequentially("zel")
    listbox = page.get_by_role("listbox", name="Suggerimenti")
    expect(listbox).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    chosen = listbox.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Zelensky")
    expect(field).to_have_value("Zelensky")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    field.press("ArrowUp")
    expect(field).to_have_value("zel")
    field.press("ArrowDown")
    field.press("Escape")
    expect(listbox).to_be_hidden()
    expect(field).to_have_value("zel")
    field.press("Alt+ArrowDown")
    expect(listbox).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_title("Zelensky – Ritaglio")


def test_a_source_suggested_filters_and_a_title_opens(page: Page, seeds: str) -> None:
    page.goto(seeds)
    page.get_by_role("combobox").press_sequentially("panora")
    page.get_by_role("option").filter(has_text="fonte").click()
    expect(page.locator(".chips")).to_contain_text("Panorama")
    page.get_by_role("combobox").press_sequentially("guerra in ucr")
    page.get_by_role("option").filter(has_text="articolo").last.click()
    expect(page).to_have_url(re.compile(r"/articles/.*\?q=guerra"))


def test_an_answer_that_comes_too_late_is_dropped(page: Page, seeds: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.url.endswith("q=pi&limit=5"):
            held.append(route)
        else:
            route.continue_()

    page.route("**/suggest?*", hold)
    page.goto(seeds)
    field = page.get_by_role("combobox")
    field.press_sequentially("pi")
    page.wait_for_timeout(300)
    assert held
    field.press_sequentially("ano di pa")
    expect(page.get_by_role("option").first).to_contain_text("piano di pa")
    shown = page.get_by_role("option").all_inner_texts()
    with suppress(Error):  # the page may have given it up
        held[0].continue_()
    page.wait_for_timeout(300)
    assert page.get_by_role("option").all_inner_texts() == shown


def test_typing_fast_asks_little(visiting: type[Visit], seeds: str) -> None:
    visit = visiting()
    visit.page.goto(seeds)
    visit.page.get_by_role("combobox").press_sequentially("piano di pace", delay=10)
    expect(visit.page.get_by_role("listbox")).to_be_attached()
    visit.page.wait_for_timeout(400)
    assert sum("/suggest" in url for url in visit.requests) <= 3


def test_without_an_answer_typing_goes_on(visiting: type[Visit], seeds: str) -> None:
    visit = visiting()
    visit.page.route("**/suggest?*", lambda route: route.fulfill(status=200, body="no JSON"))
    visit.page.goto(seeds)
    visit.page.get_by_role("combobox").press_sequentially("pace")
    visit.page.wait_for_timeout(300)
    expect(visit.page.get_by_role("listbox")).to_be_hidden()
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_title("pace – Ritaglio")


# Keys.


def test_a_search_needs_no_mouse(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/?q=guerra")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("piano di pace")
    page.keyboard.press("Escape")
    page.get_by_role("combobox").fill("piano di pace")
    page.keyboard.press("Enter")
    expect(page).to_have_title("piano di pace – Ritaglio")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    links = page.locator(".results h2 a")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    title = links.first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_everything_is_reached_with_tab_and_seen(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina")
    reached: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
                const at = document.activeElement, box = at.getBoundingClientRect();
                const name = at.textContent.trim() || at.getAttribute("name") || at.tagName;
                // Bars change colour; the parts of a date are the browser's own.
                const own = at.closest("svg") || at.type === "date";
                return [name, box.width, own || getComputedStyle(at).outlineStyle !== "none"];
            }"""
        )
        if told[0].startswith("Stato"):
            break
        reached.append(told[0])
        assert told[1] > 0, told
        assert told[2], told
    assert "Vai al contenuto" in reached
    assert sum("articoli" in each and ":" in each for each in reached) == 1  # bars: one stop
    for name in ("Cerca", "più recenti", "Applica", "Successivi →", "Come si cerca"):
        assert name in reached, name


def test_arrows_go_from_bar_to_bar(page: Page, thousands: str) -> None:
    page.goto(f"{thousands}/?q=ucraina")
    bars = page.locator(".timeline svg a")
    bars.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(bars.nth(bars.count() - 2)).to_be_focused()
    page.keyboard.press("Home")
    expect(bars.first).to_be_focused()
    label = bars.first.get_attribute("aria-label") or ""
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text(label.partition(":")[0])


def test_keys_of_one_letter_can_be_turned_off_for_good(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/?q=pace")
    page.get_by_text("Tasti", exact=True).click()
    page.get_by_label("Usa i tasti di una sola lettera").uncheck()
    page.goto(f"{seeds}{ARTICLE}?q=pace")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).not_to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#dove")).to_have_text("")


def test_n_typed_into_the_field_is_a_letter(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}{ARTICLE}?q=pace")
    field = page.get_by_role("combobox")
    field.focus()
    field.press("n")
    expect(field).to_have_value(re.compile("n"))
    expect(page.locator("#dove")).to_have_text("")


# Without JavaScript.


@pytest.fixture
def plain(visiting: type[Visit]) -> Page:
    return visiting(java_script_enabled=False, viewport={"width": 1000, "height": 800}).page


def test_without_javascript_all_of_it_works(plain: Page, thousands: str) -> None:
    plain.goto(thousands)
    plain.get_by_label("Cerca negli articoli").fill("ucraina")
    plain.get_by_role("button", name="Cerca").click()
    expect(plain).to_have_title("ucraina – Ritaglio")
    plain.locator(".filters li a").filter(has_text="Testata").first.click()
    plain.locator(".timeline svg a").first.click()
    expect(plain.locator(".chips li")).to_have_count(3)
    plain.get_by_role("link", name="Togli tutti").click()
    expect(plain.locator(".chips")).to_have_count(0)
    plain.get_by_role("link", name="più recenti").click()
    plain.get_by_role("link", name="Successivi").click()
    expect(plain.locator(".pages")).to_contain_text("11–20 di ")
    plain.locator(".results h2 a").first.click()
    expect(plain.locator("article .text p").first).to_be_visible()
    expect(plain.locator(".moves")).to_be_hidden()
    expect(plain.locator("#scorciatoie")).to_be_hidden()
    plain.locator(".steps a").click()
    expect(plain.locator("#segno-1")).to_be_in_viewport()
    plain.locator("#indietro").click()
    expect(plain).to_have_title("ucraina – Ritaglio")
