"""Does an index made of another's exported lines give the same answers?"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.articles import Article, ArticleError
from indexer.articles.jsonlines import line_of, read_lines
from indexer.engines import open_engine, stored
from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    Clause,
    Engine,
    Field,
    Is,
    Not,
    Query,
    Sort,
)
from tests.engines.asking import any_of, phrase, word

WORDS = ["neve", "sole", "città", "l'arte", "anni", "Conte", "governo", "dell’acqua", "28"]
some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
articles = st.builds(
    Article,
    id=st.sampled_from([f"a{n}" for n in range(6)]),
    title=some_words,
    text=some_words,
    raw=st.none() | some_words,
    date=st.none() | st.sampled_from(["2024", "2025-02", "2025-11-19"]),
    source=st.none() | st.sampled_from(["Il Post", "il post", "Corriere"]),
    tags=st.lists(st.sampled_from(["x", "y"]), unique=True).map(tuple),
)
changes = st.lists(
    st.lists(articles, min_size=1, max_size=4) | st.sampled_from([f"a{n}" for n in range(6)]),
    min_size=1,
    max_size=12,
)
QUESTIONS: list[Clause] = [
    EVERYTHING,
    word("neve"),
    any_of("città governo"),
    phrase("neve sole"),
    any_of("dell'arte"),
    AllOf((word("sole"), Is(Field.SOURCE, ("Il Post",)))),
    AllOf((EVERYTHING, Not(word("anno")))),
]


def answers(engine: Engine) -> list[object]:
    pages = [
        engine.search(Query(clause, sort, facets=tuple(Field)), limit=100)
        for clause in QUESTIONS
        for sort in (Sort.RELEVANCE, Sort.NEWEST, Sort.TITLE)
    ]
    return [
        (page.total, dict(page.facets), [(h.article, round(h.score, 4)) for h in page.hits])
        for page in pages
    ]


def raise_it(error: ArticleError) -> None:
    raise error


def copied(lines: Iterable[bytes], url: str) -> Engine:
    stream = io.BytesIO(b"\n".join(lines))
    engine = open_engine(url, create=True)
    engine.write(article for _, article in read_lines(stream, "lines", raise_it))
    return engine


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(changes)
def test_exported_and_indexed_again_every_answer_is_the_same(
    history: list[list[Article] | str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = open_engine(f"whoosh:{folder}/first", create=True)
        for change in history:
            first.delete([change]) if isinstance(change, str) else first.write(change)
        kept = list(stored(f"whoosh:{folder}/first"))
        ids = [each.article.id for each in kept]
        assert ids == sorted(set(ids))
        second = copied(
            (line_of(each.article, each.indexed_at) for each in kept), f"whoosh:{folder}/second"
        )
        assert answers(second) == answers(first)
        again = list(stored(f"whoosh:{folder}/second"))
        assert [each.article for each in again] == [each.article for each in kept]
        first.close()
        second.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_articles_come_in_the_order_of_ids_however_they_went_in(tmp_path: Path, jobs: int) -> None:
    url = f"whoosh:{tmp_path}/index"
    engine = open_engine(url, create=True, jobs=jobs)
    for start in range(3):
        engine.write(Article(id=f"{n:03}", text="neve") for n in range(start, 300, 3))
    engine.delete(["000", "150"])
    ids = [each.article.id for each in stored(url)]
    assert ids == [f"{n:03}" for n in range(300) if n not in (0, 150)]
    engine.close()


def test_what_is_written_meanwhile_is_not_exported(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path}/index"
    engine = open_engine(url, create=True)
    engine.write(Article(id=f"{n:03}", text="neve") for n in range(50))
    exported = stored(url)
    ids = [next(exported).article.id]
    for n in range(50):
        engine.write([Article(id=f"{n:03}x", text="sole")])
        engine.delete([f"{n:03}"])
    ids += [each.article.id for each in exported]
    assert ids == [f"{n:03}" for n in range(50)]
    engine.close()
