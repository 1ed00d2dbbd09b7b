"""Do the benchmarks reckon, judge and draw what they say?"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from benchmarks.speed import growth
from benchmarks.speed.corpus import recombined
from benchmarks.speed.measures import COMPARED
from benchmarks.speed.plot import draw
from benchmarks.speed.questions import Drawing, Kind
from benchmarks.speed.series import Gathering, Results, Series
from benchmarks.speed.targets import Target
from indexer.articles import Article

TEXT = """Il governo approva la nuova legge elettorale dopo un lungo dibattito parlamentare.
I senatori della maggioranza votano compatti mentre le opposizioni lasciano polemicamente l'aula.
Domani pomeriggio il presidente della Repubblica incontrerà gli ambasciatori stranieri. """


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    with path.open("wb") as lines:
        for number in range(20):
            article = Article(id=f"a{number}", text=TEXT * 3, source=f"Testata {number % 8}")
            lines.write(msgspec.json.encode(article) + b"\n")
    return path


def taken(row: str, engine: str, *values: float) -> Series:
    return Series("a section", row, "wall", "ms", engine, values)


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ((3.0,), 3.0, 3.0),
        ((4.0, 1.0, 2.0), 2.0, 4.0),
        (tuple(float(n) for n in range(1, 11)), 5.5, 9.0),
        (tuple(float(n) for n in range(1, 101)), 50.5, 90.0),
    ],
)
def test_nine_of_ten_values_do_not_exceed_the_90th_percentile(
    values: tuple[float, ...], median: float, p90: float
) -> None:
    series = taken("row", "ours", *values)
    assert (series.median, series.p90) == (median, p90)


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        (Target("row", "wall", 0.5, "tantivy"), True),
        (Target("row", "wall", 0.4, "tantivy"), False),
        (Target("row", "wall", 0.4, "tantivy", least=True), True),
        (Target("row", "wall", 2), True),
        (Target("row", "wall", 2, at90=True), False),
    ],
)
def test_a_target_is_held_against_our_median_or_the_ratio_to_theirs(
    target: Target, reached: bool
) -> None:
    judged = target.judge(
        Results((taken("row", "ours", 1, 2, 3), taken("row", "tantivy", 4, 4, 4)))
    )
    assert judged is not None
    assert judged.reached is reached


def test_a_target_without_its_figures_is_not_judged() -> None:
    alone = Results((taken("row", "ours", 1),))
    assert Target("row", "wall", 1, "tantivy").judge(alone) is None
    assert Target("another row", "wall", 1).judge(alone) is None


def test_no_question_is_drawn_twice_and_a_seed_draws_the_same_ones(articles: Path) -> None:
    first, again = Drawing(articles, 20), Drawing(articles, 20)
    drawn = [question for kind in Kind for _ in range(3) for question in first.draw(kind, 4)]
    assert len(drawn) == len(set(drawn)) > 50
    assert drawn == [q for kind in Kind for _ in range(3) for q in again.draw(kind, 4)]


@pytest.mark.parametrize(
    ("kind", "words"), [(Kind.OR, 6), (Kind.AND2, 2), (Kind.AND3, 3), (Kind.PAGE, 6)]
)
def test_questions_have_as_many_words_as_their_kind_says(
    articles: Path, kind: Kind, words: int
) -> None:
    assert {len(question.words) for question in Drawing(articles, 20).draw(kind, 5)} == {words}


def test_the_words_of_a_phrase_stand_together_in_an_article(articles: Path) -> None:
    phrases = Drawing(articles, 20).draw(Kind.PHRASE, 10)
    assert phrases
    assert all(phrase.text in TEXT for phrase in phrases)


def test_prefixes_are_shorter_than_the_words_they_stand_for(articles: Path) -> None:
    prefixes = Drawing(articles, 20).draw(Kind.PREFIX, 5)
    assert prefixes
    assert all(len(prefix.text) == 5 for prefix in prefixes)


def test_a_small_collection_yields_fewer_questions_instead_of_none_or_repeats(
    articles: Path,
) -> None:
    prefixes = Drawing(articles, 20).draw(Kind.PREFIX, 60)
    assert 5 < len(prefixes) < 60


def test_the_plot_is_well_formed_and_has_a_point_for_each_size_and_engine() -> None:
    figures = Gathering()
    for size in (10_000, 100_000):
        for engine in COMPARED:
            figures.add(growth.SECTION, "full page", f"{size:,}", "ms", engine, [size / 1e5])
    drawn = ElementTree.fromstring(draw(figures.results()))
    assert len(drawn.findall(".//{*}circle")) == 4


def test_the_seeds_recombined_hold_as_many_questions_as_pages_are_asked_over_http(
    tmp_path: Path,
) -> None:
    made = recombined(1_000, tmp_path)
    assert len(Drawing(made.path, made.count).draw(Kind.PAGE, 20_000)) == 20_000
