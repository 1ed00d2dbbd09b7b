"""Does stock Whoosh find in our index what it finds in one of its own?"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from whoosh.fields import ID, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import Index, open_dir
from whoosh.query import And, DisjunctionMax, Every, Or, Phrase, Prefix, Query, Term

from indexer.articles import Article
from indexer.engines import open_engine, ranking
from indexer.italian import analyse, fold
from tests.engines.stock.schema import Terms

WORDS = "fiume fiumi neve nevi città arte arti dell’arte il e un’ 5 pace piano segreto"


def in_stock(articles: list[Article]) -> Index:
    """Return a stock index with the same fields; titles are left empty, so weights are counts."""
    schema = Schema(id=ID(stored=True), forms=Terms())
    index = RamStorage().create_index(schema)
    with index.writer() as writer:
        for article in articles:
            places: dict[str, list[int]] = {}
            for token in analyse(article.text):
                places.setdefault(fold(token.form), []).append(token.position)
            writer.add_document(id=article.id, forms=places)
    return index


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    chance = random.Random(3)
    # Short ones: stock Whoosh keeps lengths in a byte, exact up to some twenty words.
    return [
        Article(id=f"{n:03}", text=" ".join(chance.choices(WORDS.split(), k=chance.randint(1, 6))))
        for n in range(300)
    ]


def scores(index: Index, query: Query) -> dict[str, float]:
    with index.searcher() as searcher:
        return {
            hit["id"] if "id" in hit.fields() else hit["article"].id: pytest.approx(hit.score)
            for hit in searcher.search(query, limit=None)
        }


def term(form: str) -> Term:
    return Term("forms", form)


@pytest.mark.parametrize(
    "query",
    [
        term("neve"),
        term("il"),
        Or([term("neve"), term("pace"), term("citta")]),
        And([term("neve"), term("pace")]),
        DisjunctionMax([term("arte"), term("arti")]),
        Phrase("forms", ["piano", "segreto"]),
        Prefix("forms", "fium"),
        Every("forms"),
    ],
    ids=str,
)
def test_a_stock_searcher_gives_the_same_hits_and_scores(
    articles: list[Article], query: Query, tmp_path: Path
) -> None:
    engine = open_engine(f"whoosh:{tmp_path}", create=True)
    engine.write(articles)
    expected = scores(in_stock(articles), query)
    assert expected
    assert scores(open_dir(tmp_path), query) == expected


def test_stems_weigh_what_the_formula_says(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}", create=True)
    engine.write([Article(id="a", title="Le nevi", text="neve e nevi"), Article(id="b")])
    with open_dir(tmp_path).searcher() as searcher:
        matcher = searcher.postings("stems", "nev")
        assert (matcher.id(), matcher.weight()) == (0, 2 + ranking.TITLE)
        assert Counter(searcher.lexicon("stems")) == Counter({b"nev": 1})


def test_deleted_articles_are_not_found(articles: list[Article], tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}", create=True)
    engine.write(articles)
    engine.delete([article.id for article in articles[::2]])
    assert set(scores(open_dir(tmp_path), Every("forms"))) == {
        article.id for article in articles[1::2]
    }
