"""Is a line that was written read as the article it was written from?"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article, ArticleError
from indexer.articles.jsonlines import line_of, read_lines
from indexer.articles.reading import read_articles

ROOT = Path(__file__).parents[3]
SQUADIT = ROOT.parent / "shared" / "data" / "squadit" / "corpus.jsonl.gz"
NOW = "2026-11-22T10:00:00+00:00"
FIELDS = [
    "id", "title", "title_derived", "text", "raw", "date", "modified", "source", "author",
    "section", "url", "tags", "extra", "indexed_at",
]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | texts | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
dates = st.sampled_from(["2025", "2025-11", "2025-11-19", "19 novembre 2025", "ieri", "", None])
given_keys = st.fixed_dictionaries(
    {"text": texts.filter(lambda text: any(c.isalnum() for c in text))},
    optional={
        "id": st.from_regex(r"[a-zà-ù0-9][a-z0-9 ._àè-]{0,20}[a-z0-9]", fullmatch=True),
        "title": texts,
        "raw": texts | st.none(),
        "date": dates,
        "modified": dates | st.just("2025-11-19T10:30:00+01:00"),
        "source": texts,
        "author": texts | st.lists(texts, max_size=3),
        "section": texts,
        "url": texts,
        "tags": texts | st.lists(texts, max_size=4),
        "voto": values,
        "extra": st.dictionaries(texts, values, max_size=3) | texts,
    },
)


def raise_it(error: ArticleError) -> None:
    raise error


def read(line: bytes) -> Article:
    ((_, article),) = read_lines(io.BytesIO(line), "lines", raise_it)
    return article


@given(given_keys)
def test_what_was_read_and_written_is_read_as_the_same(keys: Mapping[str, object]) -> None:
    article = read(json.dumps(keys).encode())
    line = line_of(article, NOW)
    assert b"\n" not in line
    assert list(json.loads(line)) == FIELDS
    assert read(line) == article


@pytest.mark.parametrize("path", [ROOT / "seeds", SQUADIT], ids=["seeds", "squadit"])
def test_articles_of_every_file_come_back_as_they_were(path: Path) -> None:
    if not path.exists():
        pytest.skip("../shared is not here")
    for article in read_articles([path], raise_it):
        assert read(line_of(article, NOW)) == article


def test_half_a_letter_does_not_spoil_the_line() -> None:
    assert read(line_of(Article(id="a", text="neve \ud83d e sole"), NOW)).text == "neve � e sole"
