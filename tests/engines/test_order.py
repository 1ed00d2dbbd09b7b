"""In which order do hits come, and in which pages?"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, Engine, Place, Query, Sort
from indexer.engines.order import LONGEST_TITLE, place
from tests.engines.asking import ranked, word

NEVE = [
    Article(id="c", date="2025-11-18", title="«Zanzare» in città"),
    Article(id="b", date="2025-11-19", title="èlite e popolo"),
    Article(id="a", date="2025-11-19", title="Elite e popolo"),
    Article(id="e", date="2025-11", title="  Acqua alta"),
    Article(id="d", date="2025", title=""),
    Article(id="g", title="7 giorni"),
    Article(id="f", title="", text="Acqua: la prima frase è il titolo che si vede"),
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.RELEVANCE, "abcedfg"),  # nobody scores: newer first, then the id
        (Sort.MIX, "abcedfg"),
        (Sort.NEWEST, "abcedfg"),
        (Sort.OLDEST, "decabfg"),
        (Sort.TITLE, "geabcdf"),
    ],
)
def test_order_and_its_ties(engine: Engine, sort: Sort, expected: str) -> None:
    engine.write(NEVE)
    assert "".join(ranked(engine, EVERYTHING, sort)) == expected


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_pages_put_together_are_the_whole(engine: Engine, sort: Sort, limit: int) -> None:
    engine.write(NEVE)
    whole = engine.search(Query(EVERYTHING, sort), limit=100)
    pages = [
        engine.search(Query(EVERYTHING, sort), offset=offset, limit=limit)
        for offset in range(0, len(NEVE), limit)
    ]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {len(NEVE)}


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.TITLE])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_a_walk_from_place_to_place_meets_each_article_once(
    engine: Engine, sort: Sort, limit: int
) -> None:
    engine.write(NEVE)
    whole = ranked(engine, EVERYTHING, sort)
    walked: list[str] = []
    after: Place | None = None
    while hits := engine.search(Query(EVERYTHING, sort, after=after), limit=limit).hits:
        walked += [hit.article.id for hit in hits]
        after = place(hits[-1].article)
        # What is written behind the walker's back changes neither what was met nor what is not.
        engine.write([Article(id=f"0{len(walked)}", date="2026", title="!")])
        engine.delete([walked[-1]])
    assert [each for each in walked if not each.startswith("0")] == whole
    assert len(walked) == len(set(walked))


def test_behind_a_place_the_total_and_the_counts_stay_those_of_all(engine: Engine) -> None:
    engine.write(NEVE)
    query = Query(EVERYTHING, Sort.NEWEST, after=place(NEVE[0]), days=True)
    page = engine.search(query, limit=1)
    assert page.total == len(NEVE)
    assert page.days == (
        (date(2025, 1, 1), 1),
        (date(2025, 11, 1), 1),
        (date(2025, 11, 18), 1),
        (date(2025, 11, 19), 2),
    )


def test_no_days_are_counted_unasked(engine: Engine) -> None:
    engine.write(NEVE)
    assert engine.search(Query(EVERYTHING)).days == ()


def test_titles_that_agree_beyond_what_is_sorted_by_are_equals(engine: Engine) -> None:
    title = "a" * LONGEST_TITLE
    engine.write([Article(id="b", title=f"{title} a"), Article(id="a", title=f"{title} b")])
    assert ranked(engine, EVERYTHING, Sort.TITLE) == ["a", "b"]


@pytest.mark.parametrize("offset", [7, 8, 10**9])
def test_past_the_end_there_is_nothing_and_the_total_stays(engine: Engine, offset: int) -> None:
    engine.write(NEVE)
    page = engine.search(Query(EVERYTHING), offset=offset)
    assert (page.hits, page.total) == ((), len(NEVE))


def test_a_page_may_be_empty(engine: Engine) -> None:
    engine.write(NEVE)
    page = engine.search(Query(EVERYTHING), limit=0)
    assert (page.hits, page.total) == ((), len(NEVE))


@pytest.mark.parametrize("sort", Sort)
def test_without_their_texts_the_hits_are_the_same(engine: Engine, sort: Sort) -> None:
    tagged = Article(id="h", title="\ud83d mezzo segno", tags=("neve",), text="E questo è il testo")
    engine.write([*NEVE, tagged])
    for clause in (EVERYTHING, word("popolo"), word("testo")):
        whole = engine.search(Query(clause, sort))
        asked = engine.search(Query(clause, sort, texts=False))
        assert asked.total == whole.total == len(whole.hits) > 0
        for own, its in zip(asked.hits, whole.hits, strict=True):
            assert own.score == its.score
            assert own.article.text in ("", its.article.text)
            assert structs.replace(own.article, text=its.article.text) == its.article


def test_only_relevance_and_the_mix_score(engine: Engine) -> None:
    engine.write([Article(id="a", text="neve")])
    scores = {sort: engine.search(Query(word("neve"), sort)).hits[0].score for sort in Sort}
    assert scores.pop(Sort.RELEVANCE) > scores.pop(Sort.MIX) > 0  # without a date it is old
    assert set(scores.values()) == {0.0}


def test_the_mix_weighs_relevance_against_age(engine: Engine) -> None:
    engine.write(
        [
            Article(id="better", date="2023-01-01", text="neve, neve e neve"),
            Article(id="newer", date="2025-11-19", text="neve e sole"),
            Article(id="half", date="2025-05-23", text="neve e mare"),  # 180 days before
            Article(id="undated", text="neve e vento"),
            *(Article(id=f"z{n}", text="altro") for n in range(9)),
        ]
    )
    assert ranked(engine, word("neve"))[0] == "better"
    assert ranked(engine, word("neve"), Sort.MIX)[0] == "newer"
    plain, mixed = (
        {hit.article.id: hit.score for hit in engine.search(Query(word("neve"), sort)).hits}
        for sort in (Sort.RELEVANCE, Sort.MIX)
    )
    assert mixed["newer"] == pytest.approx(plain["newer"])
    assert mixed["half"] == pytest.approx(plain["half"] * 0.7)
    assert mixed["undated"] == pytest.approx(plain["undated"] * 0.4)


def test_the_newest_article_that_lives_is_what_age_is_counted_from(engine: Engine) -> None:
    engine.write([Article(id="a", date="2024", text="neve"), Article(id="b", date="2025")])
    before = engine.search(Query(word("neve"), Sort.MIX)).hits[0].score
    engine.delete(["b"])
    (hit,) = engine.search(Query(word("neve"), Sort.MIX)).hits
    (plain,) = engine.search(Query(word("neve"))).hits
    assert hit.score == pytest.approx(plain.score)
    assert before != pytest.approx(hit.score)
