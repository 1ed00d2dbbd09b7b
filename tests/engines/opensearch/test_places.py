"""Where does a term stand in the words that the cluster keeps of an article?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import StoredArticle
from indexer.engines.opensearch.entry import entry, kept, key, stored_in
from indexer.engines.opensearch.places import Terms, Words

WORDS = "citta di|del conte contessa citta ivano|ivanofrankivsk di"
WRITTEN = "a--c---b"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms("forms", "citta"), [(0, "a"), (4, "-")]),
        (Terms("forms", "di"), [(1, "-"), (6, "-")]),
        (Terms("forms", "del"), [(1, "-")]),
        (Terms("forms", "conte"), [(2, "c")]),
        (Terms("forms", "ivanofrankivsk"), [(5, "b")]),
        (Terms("forms", "ontessa"), []),
        (Terms("forms", "conte", whole=False), [(2, "c"), (3, "-")]),
        (
            Terms("forms", "c", whole=False, among=frozenset({"citta", "contessa"})),
            [(0, "a"), (3, "-"), (4, "-")],
        ),
        (Terms("forms", "ivano", whole=False), [(5, "-"), (5, "b")]),
    ],
    ids=str,
)
def test_a_term_is_found_at_its_places(terms: Terms, expected: list[tuple[int, str]]) -> None:
    each = [(WORDS, WRITTEN), ("", ""), (WORDS, WRITTEN)]
    words = Words([text for text, _ in each], apart=4)
    places = words.places(terms)
    articles = words.articles(places.words).tolist()
    assert articles == [0] * len(expected) + [2] * len(expected)
    # The seven words of the first, the empty one's one, and twice the room between.
    again = [(place + 7 + 4 + 1 + 4, letter) for place, letter in expected]
    written = words.written([letters for _, letters in each])[places.readings]
    assert list(zip(places.words.tolist(), map(chr, written), strict=True)) == expected + again
    assert not len(Words(["", ""], apart=4).places(terms).words)


def test_an_entry_holds_the_words_and_the_article() -> None:
    article = Article(id="a", title="Il conte", text="La città del Conte.", date="2025-11")
    stored = StoredArticle(article, "2025-11-20T08:00:00+00:00")
    made = entry(kept(stored), "w")
    assert made.key == "a"
    assert made.forms == {"il", "conte", "la", "citta", "del"}
    assert made.fields["title_forms"] == "il conte"
    assert made.fields["text_forms"] == "la citta del conte"
    assert made.fields["title_written"] == "c"
    assert made.fields["text_written"] == "ca-c"
    assert made.fields["text_stems"].split()[0] == "="  # a stop word has no stem
    assert made.fields["length"] == 6
    assert stored_in(made.fields) == stored


def test_an_entry_tells_apart_where_words_have_several_readings() -> None:
    article = Article(id="a", title="Ivano-Frankivsk", text="Ivano")
    made = entry(kept(StoredArticle(article, "")), "w").fields
    assert made["title_readings"] == "ivano|ivanofrankivsk frankivsk"
    assert made["text_forms"] == "ivano"
    assert "title_forms" not in made


@pytest.mark.parametrize("text", ["«È già»", "😀", "a\ud83d", '"\\'])
def test_an_article_is_kept_as_it_was_written(text: str) -> None:
    stored = StoredArticle(Article(id="a", text=text, raw=text, extra={"n": 10**39}), "")
    assert stored_in(kept(stored)) == stored
    entry(kept(stored), "w").fields["article"].encode()


def test_what_no_cluster_takes_as_an_id_has_another_name() -> None:
    assert key("001_a b") == "001_a b"
    assert key("😀" * 200).startswith("/")
    assert key("a\ud83d") != key("a\ud83e")
