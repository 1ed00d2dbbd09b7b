"""Is a search that takes too long refused as what it is, and is the next one none the worse?"""

import time
from collections.abc import Iterator

import pytest

from indexer.articles import Article
from indexer.engines import deadline
from indexer.engines.contract import Page, Query
from service.app import create_app
from service.settings import Settings
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local


class Slow(MemoryEngine):
    """An engine whose searches take their time, asleep or at work."""

    works = False

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        started = time.thread_time()
        while self.works and time.thread_time() - started < 1.1:
            pass
        if not self.works:
            time.sleep(1.1)
        return super().search(query, offset=offset, limit=limit)


@pytest.fixture
def slow() -> Iterator[Slow]:
    engine = Slow()
    engine.write([Article(id="a", text="La pace.")])
    yield engine
    deadline.check()  # nothing is left of it on this thread


@pytest.mark.parametrize(("works", "status"), [(True, 400), (False, 503)])
@pytest.mark.parametrize("path", ["/search?q=pace", "/search.atom?q=pace", "/timeline?q=pace"])
def test_a_search_beyond_its_time_is_refused(
    slow: Slow, path: str, works: bool, status: int
) -> None:
    slow.works = works
    client = Local(create_app(slow, Settings(search_time=1)))
    answer = client.simulate_get(path)
    assert (answer.status_code, answer.json["code"]) == (status, "search-too-slow")
    assert "longer than 1 seconds" in answer.json["detail"]
    assert ("Retry-After" in answer.headers) is (status == 503)
    assert client.simulate_get("/readyz").status_code == 200
