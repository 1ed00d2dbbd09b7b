"""Is everything in one batch, in order, and no batch larger than it may be?"""

from __future__ import annotations

from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.batches import by_number, by_size, more_than

TEXTS = st.lists(st.text(max_size=12))


@given(TEXTS, st.integers(1, 5))
def test_so_many_come_at_once(texts: list[str], most: int) -> None:
    batches = list(by_number(texts, most))
    assert [text for batch in batches for text in batch] == texts
    assert all(len(batch) == most for batch in batches[:-1])
    assert all(batches)


@given(TEXTS, st.integers(0, 20), st.none() | st.integers(1, 5))
def test_as_many_come_as_there_is_room_for(texts: list[str], room: int, most: int | None) -> None:
    batches = list(by_size(texts, len, room, most))
    assert [text for batch in batches for text in batch] == texts
    for batch in batches:
        assert len(batch) == 1 or sum(map(len, batch)) <= room
        assert len(batch) <= (most or len(batch))
    for batch, following in pairwise(batches):
        assert len(batch) == most or sum(map(len, [*batch, following[0]])) > room


@given(TEXTS, st.integers(0, 8))
def test_a_look_at_how_many_there_are_loses_none(texts: list[str], few: int) -> None:
    many, all_of_them = more_than(few, texts)
    assert many == (len(texts) > few)
    assert list(all_of_them) == texts


def test_no_more_is_asked_for_than_is_needed_to_tell() -> None:
    many, numbers = more_than(3, taken := count())
    assert many
    assert next(taken) == 4
    assert next(numbers) == 0
