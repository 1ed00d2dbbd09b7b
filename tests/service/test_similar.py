"""Are articles that tell of the same found, and is it said why?"""

from __future__ import annotations

import pytest
from falcon.testing import TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search.similar import similar

ARTICLES = [
    Article(id="a", title="Incendio a Ternopil", text="I pompieri di Ternopil e un grande rogo."),
    Article(id="b", text="Un rogo a Ternopil: i pompieri al lavoro tutta la notte."),
    Article(id="c", text="Ternopil, il giorno dopo il rogo: si cercano dispersi."),
    Article(id="d", text="Il consiglio comunale approva il bilancio: grande lavoro."),
    Article(id="e", text="Il bilancio del comune di Napoli, tra tagli e tasse."),
    Article(id="f", text="Sciopero dei treni, tutta la giornata a Napoli."),
]


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.write(ARTICLES)
    return engine


def found(engine: Engine, article_id: str, limit: int = 5) -> dict[str, tuple[str, ...]]:
    answer = similar(engine, article_id, limit)
    assert answer is not None
    return {result.id: result.reasons for result in answer.results}


def test_the_same_story_is_found_with_its_words(archive: Engine) -> None:
    reasons = found(archive, "a")
    assert list(reasons) == ["b", "c"]
    assert set(reasons["b"]) == {"pompieri", "rogo", "Ternopil"}
    assert set(reasons["c"]) == {"Ternopil", "rogo"}


def test_the_article_itself_is_not_among_them(archive: Engine) -> None:
    assert all(article.id not in found(archive, article.id) for article in ARTICLES)


def test_so_many_as_asked_for(archive: Engine) -> None:
    assert list(found(archive, "a", limit=1)) == ["b"]


def test_a_copy_is_as_similar_as_can_be(archive: Engine) -> None:
    archive.write([Article(id="copy", title=ARTICLES[0].title, text=ARTICLES[0].text)])
    answer = similar(archive, "a", 5)
    assert answer is not None
    assert (answer.results[0].id, answer.results[0].similarity) == ("copy", 1.0)


@pytest.mark.parametrize("text", ["", "il di che", "123 456", "Supercalifragilistico"])
def test_an_article_without_telling_words_is_like_none(archive: Engine, text: str) -> None:
    archive.write([Article(id="x", text=text)])
    assert found(archive, "x") == {}


def test_the_seeds_of_one_story(seeds: TestClient) -> None:
    for result in seeds.simulate_get("/search").json["results"]:
        answer = seeds.simulate_get(f"/articles/{result['id']}/similar", query_string="limit=3")
        assert answer.status_code == 200
        assert answer.json["id"] == result["id"]
        assert 1 <= len(answer.json["results"]) <= 3
        for each in answer.json["results"]:
            assert each["id"] != result["id"]
            assert 0 < each["similarity"] <= 1
            assert 2 <= len(each["reasons"]) <= 5


def test_no_article_is_404(seeds: TestClient) -> None:
    answer = seeds.simulate_get("/articles/nulla/similar")
    assert (answer.status_code, answer.json["code"]) == (404, "article-not-found")
