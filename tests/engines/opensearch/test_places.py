"""Where does a term stand in the words that the cluster keeps of an article?"""

from __future__ import annotations

import pytest

from indexer.articles import Article
from indexer.engines.contract import StoredArticle
from indexer.engines.opensearch.entry import entry, key, stored_in
from indexer.engines.opensearch.places import Place, Terms

WORDS = "citta=a di|del conte=c contessa citta ivano|ivanofrankivsk=ac di"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms("forms", "citta"), [("citta", 0, "a"), ("citta", 4, "")]),
        (Terms("forms", "di"), [("di", 1, ""), ("di", 6, "")]),
        (Terms("forms", "del"), [("del", 1, "")]),
        (Terms("forms", "conte"), [("conte", 2, "c")]),
        (Terms("forms", "ivanofrankivsk"), [("ivanofrankivsk", 5, "ac")]),
        (Terms("forms", "ontessa"), []),
        (Terms("forms", "conte", whole=False), [("conte", 2, "c"), ("contessa", 3, "")]),
        (
            Terms("forms", "c", whole=False, among=frozenset({"citta", "contessa"})),
            [("citta", 0, "a"), ("contessa", 3, ""), ("citta", 4, "")],
        ),
        (Terms("forms", "ivano", whole=False), [("ivano", 5, ""), ("ivanofrankivsk", 5, "ac")]),
    ],
    ids=str,
)
def test_a_term_is_found_at_its_places(terms: Terms, expected: list[tuple[str, int, str]]) -> None:
    assert terms.places(WORDS) == [Place(*each) for each in expected]
    assert terms.places("") == []


def test_an_entry_holds_the_words_and_the_article() -> None:
    article = Article(id="a", title="Il conte", text="La città del Conte.", date="2025-11")
    stored = StoredArticle(article, "2025-11-20T08:00:00+00:00")
    made = entry(stored, "w")
    assert made["title_forms"] == "il=c conte"
    assert made["text_forms"] == "la=c citta=a del conte=c"
    assert made["text_stems"].split()[0] == "="  # a stop word has no stem
    assert made["forms"].split().count("conte") == 3  # a title's words count twice
    assert made["length"] == 6
    assert stored_in(made) == stored


def test_what_no_cluster_takes_as_an_id_has_another_name() -> None:
    assert key("001_a b") == "001_a b"
    assert key("😀" * 200).startswith("/")
    assert key("a\ud83d") != key("a\ud83e")
