"""Is whatever is typed answered: without an exception, within its limit, never empty for no reason?

Queries mix the words of the index with punctuation, operators, quotes, fields, dates and patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article, ArticleError
from indexer.articles.reading import read_articles
from indexer.engines import open_engine
from indexer.engines.contract import Engine, Field, Is, Sort
from service.query import QueryError
from service.search import Results, SearchRequest, search

SEEDS = Path(__file__).parents[2] / "seeds"
SETS = ["squadit", "qa4faq", "dice", "d365", "cad"]
FEW, MANY = 300, 100_000

SIGNS = [*"\"«»“”()-*~:,.;!?'’/\\&#@%+…–", "''", "~1", "~2", "~9", "**", "--", '""', "()", ": "]
OPERATORS = [" E ", " O ", " NON ", " AND ", " OR ", " NOT ", " -", " e ", " o "]
SCOPES = ["titolo:", "testo:", "fonte:", "autore:", "title:", "nulla:", "tag:", "dal:", "al:"]
DAYS = ["2025-11-19", "19/11/2025", "novembre 2025", "2025", "ieri", "32/13/2025", "19 novembre"]
STRANGE = ["🙂", "Зеленський", "\x00", "\u202e", "\ud800", "a\u0301", "<b>", "%00", "' OR 1=1 --"]
PIECES = [SIGNS, OPERATORS, SCOPES, DAYS, STRANGE]
BLANKS = ["", " ", " ", " ", "\n"]
REASONS = (
    *(f"Nessun {what} " for what in ("articolo", "titolo", "testo", "autore")),
    "Nessuna fonte ",
    "Niente da cercare",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, list[str]]]:
    """An index of the seeds, and their words."""
    errors: list[ArticleError] = []
    articles = list(read_articles([SEEDS], errors.append))
    assert not errors
    engine = open_engine(f"whoosh:{tmp_path_factory.mktemp('seeds')}", create=True)
    engine.write(articles)
    yield engine, words_of(articles)
    engine.close()


def words_of(articles: list[Article]) -> list[str]:
    return sorted({word for each in articles for word in f"{each.title} {each.text}".split()})


def typed(words: list[str], random: Random) -> str:
    """Return something typed: mostly words as they stand or a little wrong, and signs between."""
    pieces = []
    for _ in range(random.randint(1, random.choice([3, 6, 12]))):
        if random.random() < 0.7:
            pieces.append(_mistyped(random.choice(words), random))
        else:
            pieces.append(random.choice(random.choice(PIECES)))
        pieces.append(random.choice(BLANKS))
    return "".join(pieces)


def _mistyped(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return random.choice(
        [
            word,
            word,
            word,
            word.upper(),
            word[:place] + word[place + 1 :],
            word[:place] + random.choice("aeiounrst") + word[place:],
            f"{word[:3]}*",
            f"{word}~",
            f'"{word}',
            f'{word}"',
        ]
    )


def asked(q: str, random: Random) -> SearchRequest:
    rare = random.random() < 0.2
    return SearchRequest(
        q=q,
        offset=random.choice([0, 0, 0, 7, 10_000]),
        limit=random.choice([1, 10, 100]),
        sort=random.choice(list(Sort)),
        filters=(Is(Field.SOURCE, ("Panorama",)),) if rare else (),
        first=date(2025, 11, 19) if rare else None,
        facets=(Field.SOURCE, Field.TAG) if rare else (),
        snippets=random.choice([0, 1, 3]),
        variants=random.random() < 0.9,
        explain=random.random() < 0.1,
    )


def answer(engine: Engine, request: SearchRequest) -> Results | None:
    """Return what is found; None beyond a limit, the one refusal there may be."""
    try:
        return search(engine, request)
    except QueryError as error:
        if not error.code.startswith("query-too-"):
            raise
        return None


def check(engine: Engine, request: SearchRequest) -> None:
    found = answer(engine, request)
    if found is None:
        return
    assert len(found.results) <= request.limit
    assert len(found.results) == max(0, min(request.limit, found.total - request.offset))
    if not found.total:
        assert any(warning.startswith(REASONS) for warning in found.warnings), request.q
        assert found.suggestion != request.q
    for warning in found.warnings:
        assert warning.endswith((".", "…")), warning


def test_whatever_is_typed_is_answered(
    archive: tuple[Engine, list[str]],
    corpus: Callable[[str], tuple[Engine, list[Article]]],
    whole: bool,
) -> None:
    archives = [archive]
    if whole:
        archives += [(engine, words_of(articles)) for engine, articles in map(corpus, SETS)]
    random = Random(4)
    for number in range(MANY if whole else FEW):
        engine, words = archives[number % len(archives)]
        check(engine, asked(typed(words, random), random))


WORDS = ["piano di pace", "Zelensky", "l’accordo", "28", "Leopoli", "ucraini", "qwertyuiop", "il"]
MIXTURES = st.lists(st.sampled_from([*WORDS, *BLANKS, *chain(*PIECES)]), max_size=20).map("".join)


@given(MIXTURES | st.text(max_size=60), st.randoms(use_true_random=False))
def test_so_is_what_nobody_types(archive: tuple[Engine, list[str]], q: str, random: Random) -> None:
    check(archive[0], asked(q, random))
