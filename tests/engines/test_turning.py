"""Do a kernel and numpy turn the same words around alike?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.whoosh import native
from indexer.engines.whoosh.inversion import Batch
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.postings import BIG, TEXT, TITLE, Postings
from tests.unit.italian.texts import italian_text

Articles = list[tuple[str, str]]

WORDS = "neve nevi Neve NEVE città citta' la L'acqua gli dei Ivano-Frankivsk 1.000 U.S.A. iPhone x"
text = st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join) | italian_text()


def inverted(articles: Articles, first: int) -> tuple[Postings, list[int], list[int]]:
    lexicon = Lexicon()
    batch = Batch(lexicon, first)
    for title, body in articles:
        batch.add(title.encode("utf-8", "surrogatepass"), body.encode("utf-8", "surrogatepass"))
    postings, titles, texts = batch.invert()
    return postings, titles.tolist(), texts.tolist()


@given(st.lists(st.tuples(text, text), min_size=1, max_size=8), st.integers(0, 65_000))
@example([("", "")], 0)
@example([("neve " * 20, "neve " * 20), ("neve", "nevi " * 15)], 65_534)
@example([("", "parola " * 70_000)], 3)
def test_a_kernel_and_numpy_turn_words_around_alike(articles: Articles, first: int) -> None:
    if not native.library():
        pytest.skip("there was no C compiler")
    ours = inverted(articles, first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "library", lambda: None)
        its = inverted(articles, first)
    assert ours[1:] == its[1:]
    for name in Postings.__slots__:
        one, other = getattr(ours[0], name), getattr(its[0], name)
        assert np.array_equal(one, other), name


def test_words_are_counted_where_they_stand() -> None:
    postings, titles, texts = inverted([("Neve", "neve e nevi"), ("", "la neve " * 15)], 7)
    assert (titles, texts) == ([1, 0], [3, 30])
    row = {postings.vocabulary[term]: row for row, term in enumerate(postings.terms.tolist())}
    neve = slice(*postings.starts[row[b"nev\0neve"] :][:2].tolist())
    assert postings.numbers[neve].tolist() == [7, 8]
    one, other = postings.codes[neve].tolist()
    assert (one & TEXT, one & TITLE, other & TEXT, other & TITLE) == (1, TITLE, BIG, 0)
    assert [neve.start + 1, 0, 15] in postings.big.T.tolist()
    begin = int(postings.position_starts[row[b"nev\0neve"]])
    assert postings.positions[begin:][:5].tolist() == [0, 2, 2, 4, 6]
