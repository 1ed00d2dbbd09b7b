"""Are words found whatever else the dictionary, its hashes and its counts hold?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import AllOf, AnyOf, Between, Engine, Query, Scope, Word
from tests.engines.asking import found, phrase, ranked, word
from tests.engines.memory import MemoryEngine

SAME_HASH = ("plumless", "buckeroo")  # a pair that CRC-32 cannot tell apart


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    yield engine
    engine.close()


def test_two_words_of_one_hash_are_told_apart(engine: Engine) -> None:
    one, other = SAME_HASH
    assert crc32(one.encode()) == crc32(other.encode())
    engine.write([Article(id="1", text=one), Article(id="2", text=other)])
    for id_, form in zip("12", SAME_HASH, strict=True):
        assert found(engine, Word(form, None)) == {id_}
        assert engine.forms_near(form, 0) == {form: 1}


def test_a_word_whose_hash_is_another_ones_is_not_found(engine: Engine) -> None:
    engine.write([Article(id="1", text=SAME_HASH[0])])
    assert word(SAME_HASH[0]).stem == SAME_HASH[0]
    assert not found(engine, Word(SAME_HASH[1], SAME_HASH[1]))


def test_a_form_of_several_stems_is_counted_once_in_each_article(engine: Engine) -> None:
    # «Meta» and «metà» are one folded form; so is a name that keeps its capital's stem.
    texts = ["Meta paga", "la metà", "metà di Meta", "altro"]
    engine.write(Article(id=str(n), text=text) for n, text in enumerate(texts))
    assert engine.forms_near("meta", 0) == {"meta": 3}
    engine.delete(["2"])
    assert engine.forms_near("meta", 0) == {"meta": 2}


@pytest.mark.parametrize("scope", [Scope.ARTICLE, Scope.TITLE, Scope.TEXT])
def test_counts_too_big_for_a_code_weigh_as_they_should_with_and_without_a_filter(
    engine: Engine, scope: Scope
) -> None:
    memory = MemoryEngine()
    articles = [
        Article(
            id=f"{n:02}",
            title="pace " * (n % 3) + "oggi",
            text="pace " * n + "parole diverse " * 20,
            date=f"2025-01-{1 + n % 28:02}",
        )
        for n in range(40)
    ]
    for each in (engine, memory):
        each.write(articles)
    pace = Word("pace", "pac", scope)
    dated = Between(None, None)
    for clause in (pace, AnyOf((pace, Word("oggi", "oggi"))), AllOf((pace, dated))):
        assert ranked(engine, clause) == ranked(memory, clause)


def test_a_commit_is_noticed_however_soon_it_follows(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'index'}"
    writer = open_engine(url, create=True)
    reader = open_engine(url)
    for n in range(30):
        writer.write([Article(id=str(n), text="pace")])
        assert reader.search(Query(Word("pace", None))).total == n + 1
    writer.close()
    reader.close()


def test_phrases_are_found_where_articles_are_many_and_where_they_are_few(engine: Engine) -> None:
    dice = random.Random(4)
    words = ["pace", "guerra", "accordo"]
    texts = [
        " ".join(dice.choices([*words, f"raro{n % 37}"], [5, 5, 5, 1], k=dice.randint(1, 60)))
        for n in range(700)
    ]
    memory = MemoryEngine()
    for each in (engine, memory):
        each.write(Article(id=f"{n:03}", text=text) for n, text in enumerate(texts))
    asked = [phrase(f"{one} {other}") for one in words for other in words]
    asked += [phrase(f"raro{n} {dice.choice(words)}") for n in range(37)]
    for clause in asked:
        assert found(engine, clause) == found(memory, clause)
