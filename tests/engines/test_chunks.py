"""Are texts cut where the chain cuts them, whatever cuts them, and do its words come out?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.whoosh import native
from indexer.engines.whoosh.blanking import blanked, character_kinds
from indexer.engines.whoosh.chunking import ChunkNumbers, Text
from indexer.engines.whoosh.native.texts import blank
from indexer.italian import analyse, analyse_chunk
from indexer.italian import blanked as blanked_by_chain
from tests.unit.italian.texts import italian_text

ODD = "ab lideinD èÉ_0?'''’`‘＇«…\u00a0\u0301\u2019\u2010\ud800𝒜😀ʼ.,\n×"
Words = list[tuple[str, str | None, int, bool]]


def in_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(st.lists(italian_text() | st.text(ODD, max_size=12), min_size=1, max_size=5))
@example(["gli dei", "figli dei fiori", "citta' vecchia è", "'la sera' e l'alba"])
@example(["l'", "'", "", "una citta'", "'era", "x'\U0001d49c", "\ud800'a", "``", "l`acqua"])
def test_texts_are_blanked_as_by_the_chain(texts: list[str]) -> None:
    pieces = blanked([in_bytes(text) for text in texts])
    assert [*map(bytes, pieces)] == [blanked_by_chain(text) + b" " for text in texts]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dell’Ucraina, l'«U.R.S.S.» e un po' di città: perché?", False),
        ("l'era dei lumi – «Zelensky», Зеленський ❤️ 100 €", False),
        ("'la sera'", True),
        ("una bella citta'", True),
        ("gli Dei", True),
        ("dell''Ucraina", True),
    ],
)
def test_what_takes_reading_is_left_to_the_chain(text: str, left: bool) -> None:
    kernels = native.library()
    if not kernels:
        pytest.skip("there was no C compiler")
    _, _, unread = blank(kernels, [in_bytes(text)], character_kinds())
    assert bool(unread[0]) is left


def chunks_of(texts: list[str]) -> list[list[bytes]]:
    text = Text([in_bytes(each) for each in texts])
    chunks = iter(text.chunks(np.arange(len(text.hashes))))
    return [[next(chunks) for _ in range(count)] for count in text.counts.tolist()]


def words_of(chunks: list[bytes]) -> Words:
    position, words = -1, Words()
    for chunk in chunks:
        for token in analyse_chunk(chunk.decode()):
            position += token.step
            words.append((token.form, token.stem, position, token.capital))
    return words


@given(st.lists(italian_text() | st.text(ODD, max_size=12), min_size=1, max_size=3))
@example(["foto: la_storia_degli_dei", "degli dei.Quegli dei tacevano", "foto_gli_Dei"])
@example(
    ["dell'Università, l'a c'è. un'à' L'È", "dell'", "'Ucraina", "a'b'c d'×x d'1 è'un, o'NATO."]
)
def test_chunks_hold_the_words_of_the_chain(texts: list[str]) -> None:
    chunks = chunks_of(texts)
    wanted = [[(t.form, t.stem, t.position, t.capital) for t in analyse(text)] for text in texts]
    assert [words_of(own) for own in chunks] == wanted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "library", lambda: None)
        assert chunks_of(texts) == chunks


def test_words_that_meet_at_an_apostrophe_are_known_apart() -> None:
    assert chunks_of(["dell'Ucraina, c'è. l'U.S.A. città'x"]) == [
        [b"dell'", b"Ucraina", b"c'", "è".encode(), b"l'U.S.A", "città'x".encode()]
    ]


@given(st.lists(st.lists(st.integers(1, 40), max_size=60), max_size=6))
def test_chunks_are_numbered_as_they_come_whatever_numbers_them(asked: list[list[int]]) -> None:
    spread = np.uint64(0x9E3779B97F4A7C15)
    batches = [
        np.array([*batch, *range(9_000, 9_000 * n)], np.uint64) for n, batch in enumerate(asked)
    ]
    known: dict[int, int] = {}
    ours, its = ChunkNumbers(), ChunkNumbers()
    for batch in batches:
        before = len(known)
        numbers, firsts = ours.number(batch * spread)
        assert numbers.tolist() == [known.setdefault(one, len(known)) for one in batch.tolist()]
        assert numbers[firsts].tolist() == list(range(before, len(known)))
        assert len(ours) == len(known)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(native, "library", lambda: None)
            again, places = its.number(batch * spread)
        assert again.tolist() == numbers.tolist()
        assert places.tolist() == firsts.tolist()
