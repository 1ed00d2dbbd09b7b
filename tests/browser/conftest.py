"""A real browser, the system's Chromium, before real services over three small archives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from benchmarks.speed.corpus import recombined
from indexer.articles import Article
from indexer.articles.reading import read_articles
from indexer.engines import open_engine

ROOT = Path(__file__).parents[2]
WORST = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 1'> \u202eesrever\u2066"
)
ODD = [
    Article(
        id="worst",
        title=f"Pessimo {WORST} {'x' * 5_000}",
        text=f"Testo pessimo. {WORST}\n{'y' * 5_000}\nשלום עולם، مرحبا بالعالم\n" * 3,
        source=f"\u202eFonte {WORST}",
        author="z" * 5_000,
        section="s" * 5_000,
        tags=("t" * 5_000, WORST),
        url="javascript:window.hacked=1",
        date="2025-11-20",
    ),
    *(
        Article(
            id=f"e{number}",
            title=f"Pessimo esempio numero {number}",
            text="Un esempio. " * 40,
            date=f"2025-{number:02}-03",
            source=f"Fonte {number}",
            author="Anna Rossi",
            section="Esteri",
            tags=("Ucraina",),
            url="https://example.org/a",
        )
        for number in range(1, 13)
    ),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not installed")
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=rights)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the five seeds."""
    with serving(tmp_path_factory.mktemp("seeds"), read_articles([ROOT / "seeds"], _fail)) as at:
        yield at


@pytest.fixture(scope="session")
def thousands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over 5,000 articles, made of pieces of the seeds."""
    folder = tmp_path_factory.mktemp("thousands")
    with serving(folder, recombined(5_000, folder).read()) as at:
        yield at


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the worst that an article can hold, and what is beside it."""
    with serving(tmp_path_factory.mktemp("odd"), ODD) as at:
        yield at


class Visit:
    """Pages of one browser, and what went wrong on them."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self.context: BrowserContext = browser.new_context(locale="it-IT", **options)
        self.context.set_default_timeout(15_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", self._asked)
        self.context.on("console", lambda message: self._complained(message.type, message.text))
        self.context.on("weberror", lambda error: self._complained("error", str(error.error)))
        self.context.on("dialog", lambda dialog: self._complained("error", dialog.message))
        self.page: Page = self.context.new_page()

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _complained(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def visiting(browser: Browser) -> Iterator[type[Visit]]:
    """Make visits; whatever is asked of elsewhere, or goes wrong on a page, fails the test."""
    visits: list[Visit] = []

    class Recorded(Visit):
        def __init__(self, **options: object) -> None:
            super().__init__(browser, **options)
            visits.append(self)

    yield Recorded
    for visit in visits:
        visit.context.close()
        elsewhere = [url for url in visit.requests if not url.startswith("http://127.0.0.1:")]
        assert elsewhere == []
        assert visit.complaints == []


@pytest.fixture
def page(visiting: type[Visit]) -> Page:
    """A page of a desktop in light colours."""
    return visiting(viewport={"width": 1280, "height": 900}).page


@contextmanager
def serving(folder: Path, articles: object) -> Iterator[str]:
    """Serve *articles* on a free port; yield the address."""
    url = f"whoosh:{folder / 'index'}"
    engine = open_engine(url, create=True)
    engine.write(articles)
    engine.close()
    environment = {
        **os.environ,
        "RITAGLIO_INDEX": url,
        "RITAGLIO_PORT": "0",
        "RITAGLIO_WORKERS": "1",
        "RITAGLIO_SEARCH_TIME": "30",
    }
    command = [sys.executable, "-m", "service"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline() + process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", greeting)
        try:
            assert address, greeting
            yield address[0]
        finally:
            process.terminate()


def _fail(error: Exception) -> None:
    raise error
