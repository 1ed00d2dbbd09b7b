"""Does a writer that knows words from earlier commits write as one that knows none?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import open_engine
from indexer.engines.contract import Engine, StoredArticle
from indexer.engines.whoosh import lexicon
from indexer.engines.whoosh.growing import Growing
from indexer.engines.whoosh.lexicon import ACCENTED, CAPITAL, Lexicon, form_key
from indexer.italian import analyse_chunk, fold, only_form, split
from tests.engines.asking import found, phrase, word

WORDS = "governo piano pace l'elezione dell’Ucraina città ex-ministro 28 etc. Wall Street".split()  # noqa: SIM905


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"whoosh:{tmp_path / 'index'}", create=True)
    yield engine
    engine.close()


def articles(number: int, seed: int) -> list[Article]:
    chance = random.Random(seed)
    return [
        Article(
            id=f"{seed}-{n}", title=chance.choice(WORDS), text=" ".join(chance.choices(WORDS, k=30))
        )
        for n in range(number)
    ]


def answers(engine: Engine) -> list[object]:
    asked = [
        *(word(each) for each in ("governo", "citta", "elezioni", "ministro", "ucraina", "28"))
    ]
    return [sorted(found(engine, each)) for each in (*asked, phrase("piano pace"))]


@pytest.mark.parametrize("kept", [600_000, 5])
def test_many_commits_find_what_one_finds(
    engine: Engine, tmp_path: Path, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "_MOST_KEPT", kept)
    once = open_engine(f"whoosh:{tmp_path / 'once'}", create=True)
    for seed in range(30):
        engine.write(articles(7, seed))
    once.write(each for seed in range(30) for each in articles(7, seed))
    assert answers(engine) == answers(once)
    assert engine.forms_beginning("", 100) == once.forms_beginning("", 100)
    once.close()


def test_a_word_is_analysed_once_however_many_commits_bring_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    analysed = Lexicon._analysed
    monkeypatch.setattr(
        Lexicon, "_analysed", lambda self, chunks: (seen.extend(chunks), analysed(self, chunks))[1]
    )
    for number in range(5):
        engine.write([Article(id=f"{number}", text="la neve della città")])
    assert sorted(seen) == sorted(["la", "neve", "della", "città"])


def test_plain_words_take_a_shorter_way_to_the_same_terms() -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in Path("seeds").iterdir())
    odd = "A a USA usa iPhone McDonald perche' cioé Àncora ÀNCORA ﬁne 1999 1.000 40% ³ Київ 日本 ﬀ"
    chunks = sorted({chunk.decode() for chunk in split(text)} | {*odd.split(), "x" * 80, "e\u0301"})
    own = Lexicon()
    values = dict(zip(chunks, own._analysed(chunks), strict=True))
    plain = [chunk for chunk in chunks if only_form(chunk) is not None]
    assert len(plain) > 1_000
    for chunk in plain:
        (token,) = analyse_chunk(chunk)
        assert own.vocabulary[values[chunk] >> 2] == form_key(token.stem, fold(token.form)), chunk
        assert bool(values[chunk] & CAPITAL) is token.capital
        assert bool(values[chunk] & ACCENTED) is (fold(token.form) != token.form)
    assert all(len(analyse_chunk(chunk)) == 1 for chunk in plain)


def test_a_write_that_fails_midway_leaves_no_half_known_word(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed = Lexicon._analysed

    def failing(self: Lexicon, chunks: list[str]) -> list[int]:
        if "treno" in chunks:
            analysed(self, ["neve"])
            raise KeyboardInterrupt
        return analysed(self, chunks)

    monkeypatch.setattr(Lexicon, "_analysed", failing)
    with pytest.raises(KeyboardInterrupt):
        engine.change(lambda: {"a": StoredArticle(Article(id="a", text="neve treno mare"), "")})
    monkeypatch.undo()
    engine.write([Article(id="b", text="mare treno neve")])
    assert found(engine, phrase("mare treno")) == {"b"}
    assert engine.stats().articles == 1


def test_numbers_that_grow_are_all_there_whenever_they_are_asked_for() -> None:
    growing, expected = Growing(), list[int]()
    for number in range(5_000):
        growing.append(number)
        growing.extend([number, -number])
        expected += [number, number, -number]
        if number % 777 == 0:
            assert growing.array().tolist() == expected
    assert growing.array().tolist() == expected
    assert len(growing) == 15_000
