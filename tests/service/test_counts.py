"""Are totals, facets and timelines those of a count by hand, whatever is asked and filtered?"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.italian import analyse, fold, homographs
from service.app import create_app
from service.settings import Settings

DATA = Path(__file__).parents[3] / "shared" / "data" / "dice" / "corpus.jsonl.gz"
SOURCES = ["ANSA", "Agenzia DIRE", "Panorama", None]
DAYS = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 15, 28)]
TAGS = ["cronaca", "città", "sport"]


def corpus(chance: random.Random) -> list[Article]:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        texts = [
            json.loads(line)["text"][:1_000] for line, _ in zip(lines, range(400), strict=False)
        ]
    return [
        Article(
            id=str(number),
            text=text,
            date=str(date(2025, chance.randint(1, 12), chance.randint(1, 28)))
            if number % 9
            else None,
            source=chance.choice(SOURCES),
            tags=tuple(chance.sample(TAGS, chance.randint(0, 3))),
        )
        for number, text in enumerate(texts)
    ]


def terms(text: str) -> set[str]:
    """What a word can be found by: its stem, and its form whatever its accents."""
    tokens = analyse(text)
    return {f"stem {t.stem}" for t in tokens if t.stem} | {f"form {fold(t.form)}" for t in tokens}


@pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside the repository")
def test_two_hundred_random_questions_are_counted_as_by_hand(tmp_path: Path) -> None:
    chance = random.Random(20251122)
    articles = corpus(chance)
    held = {a.id: terms(a.text) for a in articles}
    written = {t.form for a in articles for t in analyse(a.text) if t.stem}
    # /timeline cannot leave variants out, so verbs that would find other words are not asked for.
    words = sorted(form for form in written if form.isalpha() and not homographs(form))
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    engine.write(articles)
    client = TestClient(create_app(engine, Settings()))
    for _ in range(200):
        asked = chance.sample(words, chance.randint(1, 2))
        source, tag = chance.choice([*SOURCES, None]), chance.choice([*TAGS, None, None])
        first, last = sorted(chance.sample(range(1, 13), 2))
        wanted = terms(" ".join(asked))
        dated = chance.random() < 0.5
        found = [
            a
            for a in articles
            if wanted & held[a.id]
            and source in (None, a.source)
            and (tag is None or tag in a.tags)
            and (not dated or (a.date and first <= int(a.date[5:7]) <= last))
        ]
        narrow: dict[str, Any] = {"q": " ".join(asked), "variants": "0"}
        narrow |= {"source": source} if source else {}
        narrow |= {"tag": fold(tag).upper()} if tag else {}
        narrow |= {"from": f"2025-{first:02}", "to": f"2025-{last:02}"} if dated else {}
        check(client, narrow, found)
    engine.close()


def check(client: TestClient, narrow: dict[str, Any], found: list[Article]) -> None:
    asked = urlencode(narrow | {"facets": "source,tag", "limit": 100, "snippets": 0})
    answer = client.simulate_get("/search", query_string=asked).json
    assert answer["total"] == len(found), narrow
    assert {each["id"] for each in answer["results"]} <= {a.id for a in found}
    facets = {
        name: {each["value"]: each["count"] for each in counts}
        for name, counts in answer["facets"].items()
    }
    assert facets["source"] == Counter(a.source for a in found if a.source), narrow
    assert facets["tag"] == Counter(tag for a in found for tag in a.tags), narrow
    narrow = {name: value for name, value in narrow.items() if name != "variants"}
    line = client.simulate_get("/timeline", query_string=urlencode(narrow | {"step": "month"})).json
    assert line["undated"] == sum(a.date is None for a in found)
    months = Counter(date.fromisoformat(a.date).replace(day=1) for a in found if a.date)
    counted = {date.fromisoformat(each["start"]): each["count"] for each in line["steps"]}
    assert {month: count for month, count in counted.items() if count} == months, narrow
