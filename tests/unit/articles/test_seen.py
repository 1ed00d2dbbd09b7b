"""Is every id known again, from the first place it came from, however many there are?"""

from __future__ import annotations

import pytest

from indexer.articles import seen
from indexer.articles.seen import Seen


@pytest.mark.parametrize("kept", [1, 7, 1 << 16])
def test_an_id_is_known_by_the_first_place_it_came_from(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_MOST_NEW", kept)
    known = Seen()
    names = [f"a-{number}" for number in range(100)]
    assert [known.add(name, number // 10) for number, name in enumerate(names)] == [None] * 100
    assert [known.add(name, 99) for name in names] == [number // 10 for number in range(100)]
    assert known.add("a-100", 3) is None
    assert known.add("a-100", 4) == 3
