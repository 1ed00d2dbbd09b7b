"""Does a walk through a whole index meet each article once while others are written?"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines import open_engine
from service.app import create_app
from service.settings import Settings

# Many more, for once: WALKED=100000 WRITTEN=1000 pytest tests/end_to_end/test_walking.py
WALKED = int(os.environ.get("WALKED", "2000"))
WRITTEN = int(os.environ.get("WRITTEN", "40"))
EPOCH = date(2000, 1, 1)


def article(number: int, name: str) -> Article:
    """An article; several share each day and each title, and some have none."""
    day = EPOCH + timedelta(days=number * 7919 % 9_000)
    return Article(
        id=f"{name}{number}",
        title=f"Notizia {number % 97}" if number % 13 else "",
        text="Una notizia.",
        date=day.isoformat() if number % 11 else None,
    )


@pytest.mark.parametrize("sort", ["-date", "date", "title"])
def test_a_walk_meets_each_article_once_while_others_are_written(sort: str, tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    engine.write(article(number, "old") for number in range(WALKED))
    client = TestClient(create_app(engine, Settings()))
    every = max(1, WALKED // 100 // WRITTEN)
    per_write = max(1, WRITTEN * 100 * every // WALKED)
    path: str | None = f"/search?q=notizia&cursor=*&limit=100&sort={sort}&snippets=0"
    seen: list[str] = []
    pages = written = 0
    while path:
        answer = client.simulate_get(path).json
        seen += [result["id"] for result in answer["results"]]
        path = answer["next"]
        pages += 1
        if pages % every == 0 and written < WRITTEN:
            engine.write(article(written + step, "new") for step in range(per_write))
            written += per_write
    engine.close()
    assert written >= WRITTEN
    assert len(seen) == len(set(seen))
    assert {each for each in seen if each.startswith("old")} == {f"old{n}" for n in range(WALKED)}
