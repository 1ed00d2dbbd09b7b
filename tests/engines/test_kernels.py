"""Do the kernels in C answer as numpy does?"""

from __future__ import annotations

import gc
import random
import tracemalloc
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Clause,
    Engine,
    Field,
    Is,
    Not,
    Page,
    Prefix,
    Query,
    Scope,
    Sort,
)
from indexer.engines.whoosh import located, native
from indexer.engines.whoosh.alike import Letters
from indexer.engines.whoosh.inversion import Batch
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.postings import Postings
from tests.engines.asking import any_of, phrase

# Some in every article, many times, and some in few: lists of all lengths meet.
WORDS = ["neve", "Neve", "città", "citta", *(f"parola{number}" for number in range(3, 60))]


def articles(count: int, seed: int) -> list[Article]:
    chance = random.Random(seed)

    def some(most: int) -> str:
        chosen = chance.choices(WORDS, weights=range(len(WORDS), 0, -1), k=chance.randrange(most))
        return " ".join(chosen)

    return [
        Article(
            id=f"{seed}-{number}",
            title=some(5) + chance.choice(["", " neve neve neve"]),
            text=f"{some(120)} {chance.choice(['', 'parola9 ' * 40])}{_rare(number)}",
            date=f"20{10 + number % 15}-0{1 + number % 9}-11",
            source=chance.choice(["ANSA", "Panorama", None]),
        )
        for number in range(count)
    ]


def _rare(number: int) -> str:
    return " raro neve" if number % 400 == 7 else ""


@pytest.mark.parametrize(
    "odd",
    [
        [],
        [("", "")],
        [("neve", ""), ("", "neve.")],
        [(",", ". , ."), ("a" * 7 + " " + "b" * 8 + " " + "c" * 9, "d" * 16 + ". " + "e" * 17)],
        [("Neve neve", "neve " * 70_000)],
        [
            ("Accordi", "accordo neve " * 20),
            ("", "nevi neve città"),
            ("Nevi", "nevose nevi accordo accordi accordò"),
            ("accordo " * 9, "accordi"),
        ],
    ],
)
def test_kernels_and_numpy_make_the_same_postings(
    odd: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native.library():
        pytest.skip("there was no C compiler")
    pieces = [*odd, *((article.title, article.text) for article in articles(60, 5))]
    ours = inverted(pieces)
    monkeypatch.setattr(native, "library", lambda: None)
    for mine, its in zip(ours, inverted(pieces), strict=True):
        assert mine == its


def inverted(pieces: list[tuple[str, str]]) -> list[list[object]]:
    batch = Batch(Lexicon(), 3)
    for title, text in pieces:
        batch.add(title.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"))
    postings, titles, texts = batch.invert()
    arrays = [getattr(postings, name) for name in Postings.__slots__ if name != "vocabulary"]
    return [postings.vocabulary, *(each.tolist() for each in (*arrays, titles, texts))]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"whoosh:{tmp_path_factory.mktemp('kernels') / 'index'}"


@pytest.fixture(scope="module")
def engine(url: str) -> Engine:
    """Segments of several sizes, deleted articles, and one of more words than 16 bits count."""
    engine = open_engine(url, create=True)
    engine.write(articles(1_500, 1))
    engine.write(articles(40, 2))
    engine.write([Article(id="long", title="Lungo", text="neve sole " * 35_000 + "fine parola7")])
    engine.delete([f"1-{number}" for number in range(0, 200, 3)])
    return engine


def asked() -> list[Clause]:
    chance = random.Random(3)
    clauses: list[Clause] = [phrase("fine parola7"), phrase("neve fine"), Prefix("parola")]
    for scope in (Scope.ARTICLE, Scope.TITLE, Scope.TEXT):
        clauses.append(Prefix("ne", scope))
        # Of a few articles the postings of a frequent word are searched, not gone through.
        own = tuple(replace(each, scope=scope) for each in any_of("neve raro città").clauses)
        clauses += [AllOf(own), AllOf((*own, Is(Field.SOURCE, ("ANSA",))))]
        clauses.append(AllOf((AnyOf((own[0], own[2])), replace(phrase("raro neve"), scope=scope))))
        for count in (1, 2, 3, 6):
            chosen = " ".join(chance.choices(WORDS, k=count))
            own = tuple(replace(each, scope=scope) for each in any_of(chosen).clauses)
            clauses += [AnyOf(own), AllOf(own), AllOf((AnyOf(own), Is(Field.SOURCE, ("ANSA",))))]
            if count > 1:
                said = replace(phrase(chosen), scope=scope)
                clauses += [said, AllOf((said, *own)), AllOf((AnyOf(own), Not(said)))]
    return clauses


@pytest.mark.parametrize("sort", Sort)
def test_kernels_and_numpy_answer_alike(
    engine: Engine, url: str, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native.library():
        pytest.skip("there was no C compiler")
    queries = [Query(clause, sort) for clause in asked()]
    ours = [engine.search(query, limit=30) for query in queries]
    monkeypatch.setattr(native, "library", lambda: None)
    anew = open_engine(url)  # what an engine has looked up by kernels it keeps
    for query, page in zip(queries, ours, strict=True):
        alike(page, anew.search(query, limit=30))
    anew.close()
    assert sum(page.total > 10 for page in ours) > len(ours) / 2
    assert any(0 < page.total < 5 for page in ours)


def test_what_is_found_at_once_is_what_is_found_step_by_step(engine: Engine) -> None:
    for clause in asked():
        at_once = engine.search(Query(clause), limit=30)
        with_facets = engine.search(Query(clause, facets=(Field.SOURCE,)), limit=30)
        assert at_once.hits == with_facets.hits
        assert at_once.total == with_facets.total


def test_a_page_far_behind_takes_no_more_room_than_there_are_articles(engine: Engine) -> None:
    total = engine.search(Query(any_of("neve sole"))).total
    tracemalloc.start()
    page = engine.search(Query(any_of("neve sole")), offset=10**9)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (page.hits, page.total) == ((), total)
    assert most < 1 << 20


@pytest.mark.skipif(not native.library(), reason="there was no C compiler")
def test_what_kernels_are_told_lives_as_long_as_they_are_told_it(engine: Engine, url: str) -> None:
    reader = open_engine(url)
    snapshot = reader._latest()  # type: ignore[attr-defined]
    mapped = snapshot.mapped
    for view in snapshot.views:
        del view.kernels  # as where another thread's kernels take their place
    gc.collect()
    places = [segment.place for segment in mapped.held[0]]
    assert list(mapped.segments) == places
    assert reader.search(Query(any_of("neve"))) == engine.search(Query(any_of("neve")))
    reader.close()


def test_equals_of_several_segments_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    for first in (2, 0, 1):
        engine.write(
            Article(
                id=f"{'aà'[number % 2]}{number}", text=f"neve sole mare {'vento ' * (number // 20)}"
            )
            for number in range(first, 60, 3)
        )
    for clause in (any_of("neve"), any_of("neve sole"), phrase("sole mare")):
        page = engine.search(Query(clause), limit=60)
        scores = [hit.score for hit in page.hits]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == 3
        for score in set(scores):
            ids = [hit.article.id for hit in page.hits if hit.score == score]
            assert ids == sorted(ids)
        pages = [engine.search(Query(clause), offset=at, limit=7).hits for at in range(0, 60, 7)]
        assert tuple(hit for own in pages for hit in own) == page.hits


def alike(ours: Page, its: Page) -> None:
    assert ours.total == its.total
    scores = [hit.score for hit in ours.hits]
    assert scores == pytest.approx([hit.score for hit in its.hits], rel=1e-5)
    # Sums that differ in their last digits put near equals in either order.
    if len({round(score, 4) for score in scores}) in (1, len(scores)):
        assert [hit.article.id for hit in ours.hits] == [hit.article.id for hit in its.hits]


def test_letters_of_forms_are_learnt_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    if not native.library():
        pytest.skip("there was no C compiler")
    forms = ["", "neve", "nevi", "città", "citta", "cittá", "wall-street", "3,5", "Київ", "straße"]
    keys = sorted(f"{form[:3]}\0{form}".encode() for form in forms)
    text = np.frombuffer(b"".join(keys), np.uint8)
    starts = np.array([0, *accumulate(map(len, keys))], np.uint32)
    order = np.array(sorted(range(len(keys)), key=lambda i: keys[i].partition(b"\0")[2]))
    ours = Letters(text, starts, order)
    monkeypatch.setattr(native, "library", lambda: None)
    its = Letters(text, starts, order)
    for form in (*forms, "never", "ctità", "Киів"):
        for edits in (1, 2):
            found = ours.near(form, edits, 0, len(keys)).tolist()
            assert found == its.near(form, edits, 0, len(keys)).tolist()
            assert not form or form not in forms or found


def test_words_known_are_found_while_another_thread_forgets_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = engine._latest()  # type: ignore[attr-defined]
    known, unknown = any_of("neve").clauses[0], any_of("parola11").clauses[0]
    (found,) = located.locate(snapshot, [known])
    look_up = located._look_up

    def forgetful(*asked: object) -> object:
        snapshot.located.clear()  # as a thread does whose words are one too many
        return look_up(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(located, "_look_up", forgetful)
    assert located.locate(snapshot, [known, unknown])[0] == found
