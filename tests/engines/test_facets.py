"""How many hits share a value?"""

from __future__ import annotations

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, AnyOf, Engine, Field, Query, Sort
from tests.engines.asking import word

ARTICLES = [
    Article(id="a", text="neve", source="Panorama", tags=("Pace", "Città", "pace")),
    Article(id="b", text="neve", source="panorama", tags=("città",)),
    Article(id="c", text="neve", source="Panorama", section="Esteri"),
    Article(id="d", text="sole", source="ANSA", tags=("pace",)),
    Article(id="e", text="neve"),
]


def test_values_count_articles_whatever_their_case_and_accents(engine: Engine) -> None:
    engine.write(ARTICLES)
    page = engine.search(Query(EVERYTHING, facets=tuple(Field)), limit=1)
    assert page.facets == {
        Field.SOURCE: (("Panorama", 3), ("ANSA", 1)),
        Field.AUTHOR: (),
        Field.SECTION: (("Esteri", 1),),
        # once for each article; of equally usual writings the first by code point
        Field.TAG: (("Città", 2), ("Pace", 2)),
    }


def test_only_hits_count(engine: Engine) -> None:
    engine.write(ARTICLES)
    engine.delete(["c"])
    page = engine.search(Query(word("neve"), Sort.NEWEST, facets=(Field.SOURCE,)), offset=99)
    assert page.facets == {Field.SOURCE: (("Panorama", 2),)}


def test_no_hits_no_values(engine: Engine) -> None:
    engine.write(ARTICLES)
    assert engine.search(Query(AnyOf(()), facets=(Field.TAG,))).facets == {Field.TAG: ()}


def test_nothing_is_counted_unasked(engine: Engine) -> None:
    engine.write(ARTICLES)
    assert engine.search(Query(EVERYTHING)).facets == {}
