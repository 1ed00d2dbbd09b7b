"""Does an index answer like brute force, whatever was written, deleted and asked?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.articles import Article
from indexer.engines import open_engine, stored
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
    Page,
    Phrase,
    Place,
    Prefix,
    Query,
    Scope,
    Sort,
)
from indexer.engines.order import place
from tests.engines.asking import words
from tests.engines.memory import MemoryEngine
from tests.engines.stock import StockEngine


def whoosh(folder: str) -> Engine:
    return open_engine(f"whoosh:{folder}/index", create=True)


def stock(_: str) -> Engine:
    return StockEngine()


# Inflections, accents, elisions, stop words, names, one letter: whatever may meet or must not.
TEXT = """
fiume fiumi neve nevi città citta' arte arti dell’arte l'Arte è e il un’ Po po’ 5 metà Meta U.S.A.
essere o non perché perche' Conte conto pace piano segreto Saint-Denis 😀
"""
VOCABULARY = TEXT.split()
FORMS = [word.form for text in VOCABULARY for word in words(text)]
VALUES = ["Panorama", "panorama", "ANSA", "Città Nuova", "citta nuova"]
PLACES = [
    Place(day=20251119, title="fiume", id="d"),
    Place(day=0, title="", id=""),
    Place(day=20251101, title="neve", id="zz"),
]
DAYS = [date(2024, 1, 1), date(2025, 11, 1), date(2025, 11, 19), date(2026, 1, 1)]

texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
articles = st.builds(
    Article,
    id=st.sampled_from("abcdefgh"),
    title=texts,
    title_derived=st.booleans(),
    text=texts,
    raw=st.none() | texts,
    date=st.sampled_from([None, "2024", "2025-11", "2025-11-19", "2025-11-20"]),
    source=st.none() | st.sampled_from(VALUES),
    author=st.none() | st.sampled_from(["Mario Po", "Anna Conte"]),
    section=st.none() | st.sampled_from(VALUES),
    tags=st.lists(st.sampled_from(VALUES), max_size=3).map(tuple),
)
changes = st.one_of(
    st.lists(articles, max_size=6).map(lambda new: lambda engine: engine.write(new)),
    st.lists(articles, min_size=3, max_size=9).map(lambda new: lambda engine: engine.write(new)),
    st.sets(st.sampled_from("abcdefgh"), max_size=4).map(lambda ids: lambda e: e.delete(ids)),
)
histories = st.lists(changes, min_size=1, max_size=5)

scopes = st.sampled_from(Scope)
forms = st.sampled_from(FORMS)
asked_words = st.builds(words, st.sampled_from(VOCABULARY), scopes).filter(len)
leaves = st.one_of(
    st.builds(
        lambda words, weight: replace(words[-1], weight=weight),
        asked_words,
        st.sampled_from([1.0, 0.5]),
    ),
    st.lists(asked_words, min_size=1, max_size=3).map(
        lambda many: AnyOf(tuple(word for words in many for word in words))
    ),
    st.builds(
        Phrase, texts.map(words).map(lambda words: words[:3]).filter(lambda w: len(w) > 1), scopes
    ),
    st.builds(Prefix, forms.map(lambda form: form[:3]), scopes),
    st.builds(Fuzzy, forms, st.integers(0, 2), scopes),
    st.builds(Is, st.sampled_from(Field), st.lists(st.sampled_from(VALUES)).map(tuple)),
    st.builds(Between, st.none() | st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)),
)
clauses: st.SearchStrategy[Clause] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("make", "arithmetic"),
    [(whoosh, "kernels"), (whoosh, "numpy"), (stock, "kernels")],
    indirect=["arithmetic"],
)
@pytest.mark.usefixtures("arithmetic")
@settings(max_examples=60)
@given(history=histories, asked=st.lists(clauses, min_size=5, max_size=15))
def test_an_index_answers_like_brute_force(
    make: Callable[[str], Engine],
    history: list[Callable[[Engine], object]],
    asked: list[Clause],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(folder)
        answers_like_brute_force(engine, history, asked, FORMS)
        engine.close()


@settings(max_examples=10)  # each takes a cluster seconds
@given(
    history=histories,
    asked=st.lists(clauses, min_size=5, max_size=10),
    forms=st.lists(forms, max_size=3),
)
def test_a_cluster_answers_like_brute_force(
    opensearch_url: str,
    history: list[Callable[[Engine], object]],
    asked: list[Clause],
    forms: list[str],
) -> None:
    engine = open_engine(opensearch_url, create=True)
    engine.delete([each.article.id for each in stored(opensearch_url)])
    answers_like_brute_force(engine, history, asked, forms)
    engine.close()


def answers_like_brute_force(
    engine: Engine,
    history: list[Callable[[Engine], object]],
    asked: list[Clause],
    forms: list[str],
) -> None:
    truth = MemoryEngine()
    for change in history:
        assert change(engine) == change(truth)
        assert engine.stats().articles == truth.stats().articles
    for clause in asked:
        agree(engine, truth, clause)
    assert engine.holding(asked) == truth.holding(asked)
    for form in forms:
        assert engine.forms_beginning(form[:1], 5) == truth.forms_beginning(form[:1], 5)
        assert engine.forms_near(form, 1) == truth.forms_near(form, 1)
        assert engine.forms_near(form, 2) == truth.forms_near(form, 2)
    for article_id in "abcdefgh":
        ours, its = engine.get(article_id), truth.get(article_id)
        assert (ours and ours.article) == (its and its.article)


def agree(engine: Engine, truth: Engine, clause: Clause) -> None:
    for sort in Sort:
        query = Query(clause, sort, facets=tuple(Field), days=True)
        ours, its = engine.search(query, limit=100), truth.search(query, limit=100)
        assert (ours.total, ours.facets, ours.days) == (its.total, its.facets, its.days)
        if not sort.by_score:
            assert ours.hits == its.hits
            for at in (PLACES[its.total % 3], *(place(hit.article) for hit in its.hits[1:2])):
                behind = replace(query, after=at)
                assert engine.search(behind, limit=3) == truth.search(behind, limit=3)
            continue
        score_alike(ours, its, its)
        plain = Query(clause, sort)  # without counts it is asked in another way
        for offset, limit in ((0, 100), (1, 3), (0, 0), (7, 2)):
            ours = engine.search(plain, offset=offset, limit=limit)
            score_alike(ours, truth.search(plain, offset=offset, limit=limit), its)


def score_alike(ours: Page, its: Page, whole: Page) -> None:
    """Assert that two pages are one: near equals, which the *whole* has, come in either order."""
    assert (ours.total, len(ours.hits)) == (its.total, len(its.hits))
    right = {hit.article.id: hit.score for hit in whole.hits}
    assert {hit.article.id: hit.score for hit in ours.hits} == pytest.approx(
        {hit.article.id: right[hit.article.id] for hit in ours.hits}, abs=1e-6
    )
    scores = [hit.score for hit in ours.hits]
    assert scores == sorted(scores, reverse=True)
    assert scores == pytest.approx([hit.score for hit in its.hits], abs=1e-6)
