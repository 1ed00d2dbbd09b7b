"""Are keys put in order, compared and chosen as bytes are?"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.directory import form_of
from indexer.engines.whoosh.keys import Keys, Stretches

# Many that begin alike, of lengths around whole lanes.
words = st.lists(
    st.sampled_from(["a", "b", "à", "abcdefgh", "abcdefg", "\U0001f600", "z" * 30, "y" * 70])
).map("".join)
keys = st.lists(
    st.tuples(words, words).map(lambda pair: f"{pair[0]}\0{pair[1]}".encode()), max_size=30
)
PARTS: list[tuple[Callable[[Keys], Stretches], Callable[[bytes], bytes]]] = [
    (Keys.whole, bytes),
    (Keys.stems, lambda key: key.partition(b"\0")[0]),
    (Keys.forms, form_of),
]


pytestmark = pytest.mark.usefixtures("arithmetic")


@given(keys, st.integers(1, 5))
def test_order_is_that_of_bytes(own: list[bytes], runs: int) -> None:
    # Some ascend already, as where segments are merged.
    own = [key for first in range(runs) for key in sorted(own[first::runs])]
    for part, said in PARTS:
        stretches = part(Keys.of(own))
        rows = sorted(range(len(own)), key=lambda row, said=said: said(own[row]))  # type: ignore[misc]
        assert stretches.order().tolist() == rows
        ordered = stretches.taken(np.array(rows, np.int64))
        assert ordered.sums().tolist() == [crc32(said(own[row])) for row in rows]
        assert ordered.changes().tolist() == [
            place == 0 or said(own[rows[place]]) != said(own[rows[place - 1]])
            for place in range(len(rows))
        ]


@given(keys, keys, st.data())
def test_keys_are_joined_and_chosen(
    own: list[bytes], others: list[bytes], data: st.DataObject
) -> None:
    joined = Keys.joined([Keys.of(own), Keys.of(others)])
    every = own + others
    assert [joined[row] for row in range(len(joined))] == every
    rows = data.draw(st.lists(st.integers(0, len(every) - 1))) if every else []
    chosen = joined.chosen(np.array(rows, np.int64))
    assert [chosen[row] for row in range(len(chosen))] == [every[row] for row in rows]


@pytest.mark.parametrize("odd", [[b"a\0b", b"ab"], [b"a\0\0b", b"a"], [b"ab", b"\0a\0b"]])
def test_a_key_without_its_zero_byte_is_refused(odd: list[bytes]) -> None:
    with pytest.raises(ValueError, match="zero byte"):
        Keys.of(odd).forms()


def test_thousands_are_chosen_piece_by_piece() -> None:
    own = [f"s{number % 977}\0f{number}".encode() for number in range(40_000)]
    rows = np.arange(len(own))[::-1]
    chosen = Keys.of(own).chosen(rows)
    assert chosen.text.tobytes() == b"".join(reversed(own))
    assert chosen[39_999] == own[0]
