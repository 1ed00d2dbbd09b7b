"""Do readers of the seed articles find what they look for?

Every query of queries.tsv is asked; ranks.txt keeps what came: the rank of the first wanted
article, the query, and the articles in order, the wanted in brackets. Whatever changes a rank
changes that file, and its diff is reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from indexer.articles.reading import read_articles
from indexer.engines import open_engine
from service.search import SearchRequest, search

HERE = Path(__file__).parent
SEEDS = HERE.parent.parent / "seeds"


class Answer(NamedTuple):
    text: str
    wanted: set[str]
    found: list[str]

    @property
    def rank(self) -> int | None:
        """The place of the first wanted article, from 1."""
        return next((n for n, name in enumerate(self.found, 1) if name in self.wanted), None)

    @property
    def precision(self) -> float:
        """How many of the wanted articles stand among as many first ones."""
        return len(self.wanted & set(self.found[: len(self.wanted)])) / len(self.wanted)

    def __str__(self) -> str:
        found = " ".join(f"[{n}]" if n in self.wanted else f" {n} " for n in self.found)
        missing = "".join(f" {name} is missing" for name in sorted(self.wanted - set(self.found)))
        return f"{self.rank or '-'}  {self.text:<46}{found} {missing}".rstrip()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    errors: list[Exception] = []
    engine = open_engine(f"whoosh:{tmp_path_factory.mktemp('relevance')}", create=True)
    engine.write(read_articles([SEEDS], errors.append))
    assert not errors
    answers = []
    for text, wanted in _queries():
        results = search(engine, SearchRequest(q=text)).results
        answers.append(Answer(text, wanted, [result.id[:3] for result in results]))
    engine.close()
    return answers


def _queries() -> Iterator[tuple[str, set[str]]]:
    for line in (HERE / "queries.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, wanted = line.split("\t")
            yield text, set(wanted.split())


def test_ranks_are_as_reviewed(answers: list[Answer], request: pytest.FixtureRequest) -> None:
    golden = HERE / "ranks.txt"
    now = "\n".join([_summary(answers), "", *map(str, answers)]) + "\n"
    if request.config.getoption("--update-ranks", default=False):
        golden.write_text(now, encoding="utf-8")
    assert now.splitlines() == golden.read_text(encoding="utf-8").splitlines(), (
        "if this is as it should be: pytest tests/relevance --update-ranks, and review the diff"
    )


def _summary(answers: list[Answer]) -> str:
    number = len(answers)
    first = sum(answer.rank == 1 for answer in answers)
    mrr = sum(1 / answer.rank for answer in answers if answer.rank) / number
    precision = sum(answer.precision for answer in answers) / number
    return (
        f"queries: {number}   wanted first: {first} ({first / number:.0%})   mrr: {mrr:.3f}   "
        f"wanted among as many: {precision:.3f}"
    )
