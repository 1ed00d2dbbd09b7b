"""Does the better answer come first, and does only what the index holds decide?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines import ranking
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Engine,
    Field,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Prefix,
    Query,
    Scope,
)
from tests.engines.asking import any_of, phrase, ranked, word, words

OTHERS = [Article(id=f"z{i}", text="tutt’altra cosa di cui si parla qui") for i in range(6)]


def scores(engine: Engine, clause: Clause) -> dict[str, float]:
    return {hit.article.id: hit.score for hit in engine.search(Query(clause), limit=1000).hits}


@pytest.mark.parametrize(
    ("clause", "better", "worse"),
    [
        pytest.param(
            word("neve"),
            Article(id="b", title="La neve", text="Si parla di altro oggi"),
            Article(id="a", title="La pioggia", text="Si parla di neve oggi"),
            id="title above text",
        ),
        pytest.param(
            word("governi"),
            Article(id="b", text="i governi che cadono"),
            Article(id="a", text="il governo che cade"),
            id="the very form above another inflection",
        ),
        pytest.param(
            word("neve"),
            Article(id="b", text="neve e ancora neve"),
            Article(id="a", text="neve e ancora sole"),
            id="twice above once",
        ),
        pytest.param(
            word("neve"),
            Article(id="b", text="la neve"),
            Article(id="a", text="la neve e tante altre parole ancora"),
            id="short above long",
        ),
        pytest.param(
            any_of("neve cosa"),
            Article(id="b", text="qui si parla di neve"),
            Article(id="a", text="qui si parla di cosa"),
            id="a rare word above a common one",
        ),
        pytest.param(
            any_of("neve sole"),
            Article(id="b", text="prima la neve poi il sole"),
            Article(id="a", text="prima la neve poi la neve"),
            id="two words above one",
        ),
        pytest.param(
            any_of("piano pace"),
            Article(id="b", text="un piano di pace, e tante altre parole che non contano nulla"),
            Article(id="a", text="un piano, e tante altre parole che non contano nulla, di pace"),
            id="close together above far apart",
        ),
        pytest.param(
            Prefix("nev"),
            Article(id="b", text="neve nevosa"),
            Article(id="a", text="neve cosa"),
            id="a prefix counts all its forms",
        ),
        pytest.param(
            Fuzzy("neve"),
            Article(id="b", text="la neve"),
            Article(id="a", text="la neva"),
            id="the very form above a misspelt one",
        ),
        pytest.param(
            AnyOf((any_of("parla"), word("Rossi", Scope.AUTHOR))),
            Article(id="b", text="si parla", author="Mario Rossi"),
            Article(id="a", text="si parla", author="Mario Bianchi"),
            id="a word of the author scores",
        ),
        pytest.param(
            phrase("essere o non essere"),
            Article(id="b", text="essere o non essere"),
            Article(id="a", text="essere o non essere, che è tante altre cose ancora"),
            id="stop words score where they are asked for",
        ),
    ],
)
def test_better_comes_first(
    engine: Engine, clause: Clause, better: Article, worse: Article
) -> None:
    engine.write([worse, better, *OTHERS])
    first, second, *_ = ranked(engine, clause)
    assert (first, second) == (better.id, worse.id)
    assert scores(engine, clause)[first] > scores(engine, clause)[second]


def test_filters_and_exclusions_never_score(engine: Engine) -> None:
    engine.write([Article(id="a", text="neve", source="ANSA", date="2025"), *OTHERS])
    plain = scores(engine, word("neve"))
    filters = (Is(Field.SOURCE, ("ansa",)), Between(None, None), Not(word("sole")))
    assert scores(engine, AllOf((word("neve"), *filters))) == plain
    for clause in filters:
        assert set(scores(engine, clause).values()) == {0.0}


def test_a_word_scores_by_the_formula(engine: Engine) -> None:
    engine.write(
        [
            Article(id="a", title="Le nevi", text="neve sul monte"),  # five words
            Article(id="b", text="un sole"),
            Article(id="c", text="nevi e soli"),
            Article(id="d", text=""),
        ]
    )
    relative_length = 5 / (10 / 4)
    stem = ranking.idf(4, 2) * ranking.weight(1 + ranking.TITLE, relative_length)
    form = ranking.idf(4, 1) * ranking.weight(1, relative_length)
    assert scores(engine, word("neve"))["a"] == pytest.approx(stem + ranking.EXACT * form)


def test_scores_depend_on_what_the_index_holds_not_on_how_it_came_to(engine: Engine) -> None:
    articles = [
        Article(id="a", title="Un piano di pace", text="Il piano è segreto, la pace no."),
        Article(id="b", text="Piano piano arriva la pace, e pace sia."),
        *OTHERS,
    ]
    engine.write(articles)
    clause = AllOf((any_of("piano pace segreto"), Not(word("guerra"))))
    at_once = scores(engine, clause)
    engine.write([Article(id=f"y{i}", text="piano pace " * 50) for i in range(9)])
    for article in reversed(articles):
        engine.write([Article(id=article.id, text="piano")])
        engine.write([article])
    assert scores(engine, clause) != at_once
    engine.delete(f"y{i}" for i in range(9))
    assert scores(engine, clause) == pytest.approx(at_once)


def test_beyond_the_depth_nearness_is_not_looked_at(engine: Engine) -> None:
    filling = " e altro" * 3
    engine.write(
        Article(id=f"{number:03}", text=f"piano pace{filling}")
        for number in range(ranking.NEAR_DEPTH + 2)
    )
    near = scores(engine, any_of("piano pace"))
    gained, plain = near["000"], near[f"{ranking.NEAR_DEPTH:03}"]
    assert gained > plain > 0
    assert list(near.values()) == [gained] * ranking.NEAR_DEPTH + [plain] * 2


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (any_of("piano di pace"), ["piano pace"]),  # a stop word is passed over
        (any_of("pace"), []),
        (any_of("pace pace piano pace"), ["pace piano", "piano pace"]),
        (AllOf((phrase("Wall Street"), any_of("Roma"))), ["wall street", "street roma"]),
        (AllOf((any_of("pace"), Not(any_of("guerra lampo")), word("piano"))), ["pace piano"]),
        (AnyOf((word("pace"), word("piano", Scope.TITLE))), []),
        (AnyOf((word("mario", Scope.AUTHOR), word("rossi", Scope.AUTHOR))), []),
        (Phrase(any_of("pace piano").clauses, Scope.TITLE), ["pace piano"]),
    ],
    ids=str,
)
def test_neighbours_in_the_query(clause: Clause, expected: list[str]) -> None:
    stems = [[word.stem for word in words(pair)] for pair in expected]
    assert [[one, other] for _, one, other in ranking.neighbours(clause)] == stems
