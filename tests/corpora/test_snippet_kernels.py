"""Do the kernels make, of whole corpora, the snippets that Python makes?"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.query import QueryError, parse
from service.snippets import native, show
from tests.corpora.test_marks import SETS, queries

FEW, MANY = 20, 1_500  # pages of a set


@pytest.mark.parametrize("name", SETS)
def test_kernels_and_python_show_the_same(
    name: str,
    corpus: Callable[[str], tuple[Engine, list[Article]]],
    whole: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernels = native.library()
    if not kernels:
        pytest.skip("there was no C compiler")
    _, articles = corpus(name)
    random = Random(name)
    made = queries(articles, random)
    for q in (next(made) for _ in range(MANY if whole else FEW)):
        try:
            marks = parse(q).marks
        except QueryError:
            continue  # a limit of queries, which other tests ask about
        words = q.lower().split()
        some = random.sample(articles, min(40, len(articles)))
        some.sort(key=lambda article: -sum(word in article.text.lower() for word in words))
        count, length = random.choice([1, 1, 2, 5]), random.choice([40, 200, 200, 1_000])
        shown = []
        for library in (kernels, None):
            monkeypatch.setattr(native, "library", lambda its=library: its)
            shown.append(show(some[:10], marks, count=count, length=length))
        assert shown[0] == shown[1], (q, [article.id for article in some[:10]])
