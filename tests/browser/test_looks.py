"""Does every page and state look right to everyone: narrow and wide, light and dark, on paper?"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

STATES = {
    "home": ("thousands", "/"),
    "results": ("thousands", "/?q=ucraina"),
    "filtered": ("thousands", "/?q=ucraina&source=Testata+3&from=2015&to=2019&sort=mix"),
    "page 3": ("thousands", "/?q=ucraina&offset=20"),
    "one": ("seeds", "/?q=piano+di+pace"),
    "suggestion": ("seeds", "/?q=zelenzki"),
    "nothing": ("seeds", "/?q=xyzzy&source=Panorama"),
    "past the end": ("seeds", "/?q=pace&offset=500"),
    "refused": ("seeds", "/?q=pace&limit=abc"),
    "no such page": ("seeds", "/niente"),
    "no such article": ("seeds", "/articles/niente"),
    "article": ("seeds", "/articles/001_893e1bd431c83a89"),
    "marked article": ("seeds", "/articles/001_893e1bd431c83a89?q=piano+di+pace"),
    "state": ("seeds", "/stato"),
    "worst results": ("odd", "/?q=pessimo"),
    "worst article": ("odd", "/articles/worst?q=pessimo"),
    "worst query": ("odd", f"/?q=%3Cscript%3E+%E2%80%AE+{'w' * 1_500}"),
}
REFUSED = {"refused", "no such page", "no such article"}


def opened(visit: Visit, state: str, request: pytest.FixtureRequest) -> Page:
    service, path = STATES[state]
    visit.page.goto(request.getfixturevalue(service) + path)
    if state in REFUSED:  # the browser says that the status is no 200, as it should
        assert all("Failed to load resource" in each for each in visit.complaints)
        visit.complaints.clear()
    return visit.page


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious_keeps_anyone_out_and_no_page_is_wider_than_its_window(
    visiting: type[Visit], request: pytest.FixtureRequest, state: str
) -> None:
    page = opened(visiting(), state, request)
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for details in page.locator("details:visible").all():
            details.evaluate("each => { each.open = true }")
        assert grave(page) == [], scheme
    for width in (320, 360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def grave(page: Page) -> list[tuple[str, list[str]]]:
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:3])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_open_suggestions_keep_nobody_out(page: Page, seeds: str) -> None:
    page.goto(seeds)
    page.get_by_role("combobox").press_sequentially("pian")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert grave(page) == []


@pytest.mark.parametrize("state", ["worst results", "worst article", "worst query"])
def test_nothing_that_is_written_runs(
    visiting: type[Visit], request: pytest.FixtureRequest, state: str
) -> None:
    page = opened(visiting(), state, request)
    assert page.evaluate("window.hacked") is None
    protocols = page.eval_on_selector_all(
        "a", "links => links.map(link => new URL(link.getAttribute('href'), location).protocol)"
    )
    assert set(protocols) == {"http:"} | ({"https:"} & set(protocols))


def test_text_that_runs_backwards_leaves_its_neighbours_alone(page: Page, odd: str) -> None:
    page.goto(f"{odd}/articles/worst?q=pessimo")
    source, date = page.locator("header .origin .source"), page.locator("header .origin time")
    left, right = source.bounding_box(), date.bounding_box()
    assert left is not None
    assert right is not None
    assert (left["y"], left["x"]) <= (right["y"], right["x"])
    assert date.inner_text() == "20 novembre 2025"
    heading = page.locator("h1")
    assert heading.evaluate("each => getComputedStyle(each).unicodeBidi") in (
        "isolate",
        "plaintext",
    )


def test_dark_is_dark_and_marks_are_read_in_both(visiting: type[Visit], seeds: str) -> None:
    def light_of(page: Page, selector: str, name: str) -> float:
        colour = page.locator(selector).first.evaluate(
            "(each, name) => getComputedStyle(each)[name]", name
        )
        red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (red, green, blue)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for scheme in ("light", "dark"):
        page = visiting(color_scheme=scheme).page
        page.goto(f"{seeds}/?q=piano+di+pace")
        paper = light_of(page, "body", "backgroundColor")
        assert (paper < 0.1) == (scheme == "dark")
        mark = sorted(light_of(page, "mark", name) for name in ("color", "backgroundColor"))
        assert (mark[1] + 0.05) / (mark[0] + 0.05) >= 4.5


def test_who_wants_little_motion_gets_none(visiting: type[Visit], seeds: str) -> None:
    page = visiting(reduced_motion="reduce").page
    page.goto(f"{seeds}/?q=pace")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_paper_shows_the_article_and_not_the_machinery(visiting: type[Visit], seeds: str) -> None:
    page = visiting(color_scheme="dark").page
    page.goto(f"{seeds}/articles/001_893e1bd431c83a89?q=pace")
    page.emulate_media(media="print")
    expect(page.locator(".text p").first).to_be_visible()
    for machinery in (".ask", ".bottom", ".steps", ".similar"):
        expect(page.locator(machinery)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", ["/?q=ucraina", "/"])
def test_the_first_page_travels_in_less_than_40_kb(
    visiting: type[Visit], thousands: str, path: str
) -> None:
    visit = visiting()
    network = visit.context.new_cdp_session(visit.page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda each: sizes.append(each["encodedDataLength"]))
    visit.page.goto(thousands + path, wait_until="networkidle")
    assert len(sizes) >= 5
    assert sum(sizes) < 40_000


def test_the_browser_is_offered_the_search_and_the_feed(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/?q=pace")
    for selector, kind in (
        ("link[rel=search]", "application/opensearchdescription+xml"),
        ("link[rel=alternate]", "application/atom+xml"),
    ):
        link = page.locator(selector)
        assert link.get_attribute("type") == kind
        answer = page.request.get(seeds + (link.get_attribute("href") or ""))
        assert answer.ok
        assert answer.headers["content-type"].startswith(kind)
